"""Abbreviations that are never written out."""

import re

from apps.analysis.rules.port import Defect, DefectKind
from apps.analysis.rules.reading.document import DocumentReading

_ACRONYM = re.compile(r"\b[A-Z]{2,6}s?\b(?![-\d])")
# Currency codes, time zones, legal forms, and what every reader knows.
_KNOWN = frozenset(
    [
        "EUR",
        "USD",
        "GBP",
        "CHF",
        "SEK",
        "PLN",
        "JPY",
        "INR",
        "CAD",
        "AUD",
        "CET",
        "CEST",
        "UTC",
        "GMT",
        "EST",
        "PST",
        "AM",
        "PM",
        "ID",
        "IDS",
        "IP",
        "OK",
        "EU",
        "UK",
        "US",
        "USA",
        "UN",
        "PDF",
        "CSV",
        "URL",
        "HTTP",
        "HTTPS",
        "CEO",
        "FAQ",
        "TV",
        "DVD",
        "USB",
        "LED",
        "AI",
        "IT",
        "HR",
        "PC",
        "SMS",
        "GPS",
        "ZIP",
        "PIN",
        "QR",
        "VAT",
        "ISBN",
        "EAN",
        "GTIN",
        "SKU",
        "LLC",
        "LTD",
        "INC",
        "GMBH",
        "AG",
        "BV",
        "SA",
        "TBD",
        "TBC",
        "TBA",
        "XX",
        "XXX",
        "NA",
        "SOP",
        "SOPS",
        "PO",
        "BOX",
        "JPG",
        "PNG",
        "NO",
    ]
)


def undefined_acronyms(reading: DocumentReading) -> tuple[Defect, ...]:
    """The first use of each abbreviation that the text explains nowhere."""
    text = reading.whole_text
    seen: set[str] = set()
    found = []
    for sentence in reading.narrative:
        if sentence.text.isupper():
            continue
        for match in _ACRONYM.finditer(sentence.text):
            name = match.group().removesuffix("s")
            if name in seen or name in _KNOWN or _is_explained(name, text):
                continue
            seen.add(name)
            reason = f"{name} is never written out."
            suggestion = f"Write {name} out once, with the abbreviation in brackets."
            found.append(
                Defect(
                    DefectKind.UNDEFINED_ACRONYM,
                    sentence.part(match.start(), match.start() + len(name)),
                    17,
                    reason,
                    suggestion,
                    0.82,
                )
            )
    return tuple(found)


def _is_explained(name: str, text: str) -> bool:
    """In brackets after its words, before its words in brackets, or with "stands for", "means", "is the"."""
    if re.search(
        rf"\({name}s?\)|\b{name}s?\s*\(|\b{name}s?\b\s*(?:=|:|stands for|means|is short for|is the|,? that is)", text
    ):
        return True
    initials = r"\W+".join(f"{letter}\\w+" for letter in name)
    return bool(re.search(rf"\b{initials}\b", text, re.IGNORECASE))
