"""A verdict of one point on a short document, with what must hold of every verdict."""

from apps.analysis.rules.points.table import RULES
from apps.analysis.rules.port import Status, Verdict
from tests.analysis.reading.reading_of import Part, document

GAP, SATISFIED, NOT_APPLICABLE = Status.GAP, Status.SATISFIED, Status.NOT_APPLICABLE


def verdict(point: int, *parts: Part | str) -> Verdict:
    """The verdict; its quote is exact, and it has one sentence of reason."""
    reading = document(*(("", part) if isinstance(part, str) else part for part in parts))
    found = RULES[point](reading)
    assert found.point == point
    assert (found.quote is None) == (found.status is NOT_APPLICABLE)
    if found.quote is not None:
        text = reading.sections[found.quote.section].text
        assert text[found.quote.start : found.quote.end] == found.quote.text
    assert found.reason.endswith(".")
    assert 0 < found.confidence <= 1
    return found


def status(point: int, *parts: Part | str) -> Status:
    """The status alone."""
    return verdict(point, *parts).status
