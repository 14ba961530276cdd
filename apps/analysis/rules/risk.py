"""Risk of a gap: the point's default, one level higher where the whole document speaks of grave matters."""

import re

from apps.analysis.rules.port import Risk
from apps.analysis.rules.reading.document import DocumentReading

_DEFAULTS = {
    1: Risk.HIGH,
    10: Risk.HIGH,
    11: Risk.HIGH,
    19: Risk.HIGH,
    2: Risk.MEDIUM,
    4: Risk.MEDIUM,
    12: Risk.MEDIUM,
    13: Risk.MEDIUM,
}
_HIGHER = {Risk.LOW: Risk.MEDIUM, Risk.MEDIUM: Risk.HIGH, Risk.HIGH: Risk.HIGH}
_GRAVE = re.compile(
    r"\b(?:fraud\w*|counterfeit\w*|injur\w+|hospital\w*|burn(?:s|ed|t)?\b|unsafe|health|safety|lawyer|solicitor|legal action|court|data (?:breach|leak)|"
    r"leaked|hijack\w*|forged|bad actor|deliberate\w*|abus\w+|intentional\w*)",
    re.IGNORECASE,
)
_DENIED = re.compile(r"\b(?:no|not|never|without|nor|neither)\b[^.]{0,30}$", re.IGNORECASE)


def is_grave(reading: DocumentReading) -> bool:
    """The text speaks of fraud, safety, injury, a legal threat, leaked data or intent, and does not merely deny it."""
    text = reading.whole_text
    return any(not _DENIED.search(text[max(0, match.start() - 40) : match.start()]) for match in _GRAVE.finditer(text))


def risk_of_gap(point: int, *, grave: bool) -> Risk:
    """The risk of a gap at this point."""
    default = _DEFAULTS.get(point, Risk.LOW)
    return _HIGHER[default] if grave else default
