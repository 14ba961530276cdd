"""The patterns of things that rules look for: dates, amounts, counts, owners, ids."""

import re

MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
DATE = re.compile(
    rf"\b(?:\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}}|\d{{1,2}}(?:st|nd|rd|th)?\s+{MONTH}\b(?:\s+\d{{4}})?|{MONTH}\s+\d{{1,2}}\b(?:,?\s+\d{{4}})?)",
    re.IGNORECASE,
)
AMOUNT = re.compile(
    r"(?:\b(?:EUR|USD|GBP|CHF|SEK|PLN|JPY|INR|CAD|AUD)\s?\d[\d,. ]*|[€$£]\s?\d[\d,.]*|\b\d[\d,.]*\s?(?:EUR|USD|GBP|CHF|SEK|PLN|euros?|dollars?|pounds?)\b)",
    re.IGNORECASE,
)
COUNT = re.compile(
    r"\b(?:\d[\d,.]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty|hundred)\s+(?:[a-z-]+\s+){0,2}"
    r"(?:buyers?|customers?|orders?|units?|sellers?|accounts?|listings?|offers?|parcels?|users?|people|households|families|products?|items?|shipments?|refunds?|cases?|complaints?|reviews?|records?|pairs|records|merchants|codes?|cards?)\b",
    re.IGNORECASE,
)
PERIOD = re.compile(
    r"\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten)\s+(?:minutes?|hours?|days?|weeks?|months?|years?)\b|\bbetween\b.{3,40}\band\b|\bfrom\b.{3,30}\bto\b.{2,20}\d|\buntil\b",
    re.IGNORECASE,
)
PERSON = re.compile(r"\b[A-ZÀ-Þ][a-zà-ÿ'’-]+(?:\s+(?:de|van|von|al|el|da|di|of)?\s*[A-ZÀ-Þ][a-zà-ÿ'’-]+)+\b")
REFERENCE = re.compile(
    r"\b[A-Z]{1,6}-\d[\w./-]*|\b(?:ticket|case|query|mail|log|report|export|screenshot|record)\s+(?:no\.?\s*|id\s*)?[A-Z]*-?\d[\w-]*",
    re.IGNORECASE,
)
PROCEDURE = re.compile(
    r"\b(?:SOP|standard operating procedure|procedure|playbook|runbook|guideline|work instruction|checklist|manual)\b",
    re.IGNORECASE,
)
PERCENT = re.compile(r"\b\d[\d.,]*\s?(?:%|per ?cent|percent)")
NUMBER = re.compile(r"\b\d[\d,.]*\b")
