"""Patterns that other patterns are built from: months, dates, names, references."""

import re


def words(pattern: str) -> re.Pattern[str]:
    """A pattern without regard to case."""
    return re.compile(pattern, re.IGNORECASE)


MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
DATE = re.compile(
    rf"\b(?:\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}}|\d{{1,2}}(?:st|nd|rd|th)?\s{{1,9}}{MONTH}\b(?:\s{{1,9}}\d{{4}})?"
    rf"|{MONTH}\s{{1,9}}\d{{1,2}}\b(?:,?\s{{1,9}}\d{{4}})?)",
    re.IGNORECASE,
)
PERSON = re.compile(
    r"\b[A-ZÀ-Þ][a-zà-ÿ'’-]{1,30}(?:\s{1,9}(?:de|van|von|al|el|da|di|of)?\s{0,9}[A-ZÀ-Þ][a-zà-ÿ'’-]{1,30}){1,5}\b"
)
REFERENCE = re.compile(
    r"\b[A-Z]{1,6}-\d[\w./-]{0,30}|\b(?:ticket|case|query|mail|log|report|export|screenshot|record)\s{1,9}(?:no\.?\s{0,9}"
    r"|id\s{0,9})?[A-Z]{0,30}-?\d[\w-]{0,30}",
    re.IGNORECASE,
)
