"""The order in which people meet the items."""

from collections.abc import Iterable
from enum import StrEnum

from apps.analysis.rules.port import ItemType, Risk
from apps.analysis.screening.candidate import Candidate

_RISKS = (Risk.HIGH, Risk.MEDIUM, Risk.LOW)
_TYPES = (
    ItemType.CRITICAL,
    ItemType.IMPORTANT,
    ItemType.SUGGESTION,
    ItemType.QUESTION,
    ItemType.CLARIFICATION,
    ItemType.POSITIVE,
)


class Order(StrEnum):
    """How items are sorted."""

    IMPORTANCE = "importance"
    READING = "reading"


def ranked(candidates: Iterable[Candidate], *, order: Order = Order.IMPORTANCE) -> tuple[Candidate, ...]:
    """Sort by type, risk and confidence (highest first), or by place in the text; equal ones keep reading order."""
    by_place = sorted(candidates, key=_place)
    return tuple(by_place if order is Order.READING else sorted(by_place, key=_weight))


def _place(candidate: Candidate) -> tuple[int, int, int, int]:
    quote = candidate.draft.quote
    return quote.section, quote.start, quote.end, candidate.draft.points[0]


def _weight(candidate: Candidate) -> tuple[int, int, float]:
    draft = candidate.draft
    return _TYPES.index(draft.type), _RISKS.index(draft.risk), -draft.confidence
