"""Risk of a gap: the point's default, one level higher where the whole document speaks of grave matters."""

from apps.analysis.rules.port import Risk
from apps.analysis.rules.reading.document import DocumentReading
from apps.analysis.rules.reading.facts import facts_of

_HIGHER = {Risk.LOW: Risk.MEDIUM, Risk.MEDIUM: Risk.HIGH, Risk.HIGH: Risk.HIGH}


def is_grave(reading: DocumentReading) -> bool:
    """The text speaks of fraud, safety, injury, a legal threat, leaked data or intent, and does not merely deny it."""
    headings = (facts_of(one.heading, frozenset()) for one in reading.sections)
    return any(one.facts.says("grave") for one in reading.sentences) or any(facts.says("grave") for facts in headings)


def raised(default: Risk, *, grave: bool) -> Risk:
    """The risk of a gap: the point's default, one level more in a grave case; High stays."""
    return _HIGHER[default] if grave else default
