"""Gaps of several points on the very same words are one item."""

from collections.abc import Iterable

from apps.analysis.rules.port import FindingDraft, Risk
from apps.analysis.rules.writing.phrases import joined

MOST_POINTS = 3
MOST_QUESTIONS = 2
_RISKS = (Risk.HIGH, Risk.MEDIUM, Risk.LOW)


def merged(drafts: Iterable[FindingDraft]) -> list[FindingDraft]:
    """The drafts, those on equal words together up to three points; the gravest gives category, type and example."""
    piles: list[list[FindingDraft]] = []
    for draft in drafts:
        pile = next((one for one in piles if one[0].quote == draft.quote and len(one) < MOST_POINTS), None)
        if pile is None or not draft.quote.text:
            piles.append([draft])
        else:
            pile.append(draft)
    return [_one(pile) for pile in piles]


def _one(pile: list[FindingDraft]) -> FindingDraft:
    if len(pile) == 1:
        return pile[0]
    ordered = sorted(pile, key=lambda one: (_RISKS.index(one.risk), one.points))
    first = ordered[0]
    return FindingDraft(
        points=tuple(point for one in ordered for point in one.points),
        type=first.type,
        risk=first.risk,
        confidence=min(one.confidence for one in pile),
        quote=first.quote,
        description=joined((one.description for one in ordered), first.quote.text),
        suggestion=" ".join(dict.fromkeys(one.suggestion for one in ordered)),
        example=first.example,
        questions=tuple(one.questions[0] for one in ordered if one.questions)[:MOST_QUESTIONS],
    )
