"""The same remark made twice, by one engine or by two, becomes one that names both."""

from collections.abc import Iterable
from dataclasses import replace

from rapidfuzz import fuzz

from apps.analysis.rules.port import FindingDraft, ItemType, Quote
from apps.analysis.screening.candidate import RULES, Candidate

SIMILAR = 0.85
OVERLAP = 0.5
"""Part of the shorter quote that must lie within the other."""


def without_duplicates(
    candidates: Iterable[Candidate], *, similar: float = SIMILAR
) -> tuple[tuple[Candidate, ...], int]:
    """Return the candidates with duplicates folded into one that names every source, and how many were folded; input order is kept.

    The rules' words stay when a model says the same: people may be deciding on that very item while the model is still being
    asked, and it must not be replaced under their hands. Among models the more confident one's words stay.
    """
    everyone = list(candidates)
    by_weight = sorted(
        range(len(everyone)),
        key=lambda index: (RULES not in everyone[index].sources, -everyone[index].draft.confidence, index),
    )
    kept: dict[int, Candidate] = {}
    for index in by_weight:
        candidate = everyone[index]
        twin = next(
            (other for other in kept if are_duplicates(candidate.draft, kept[other].draft, similar=similar)), None
        )
        if twin is None:
            kept[index] = candidate
        else:
            kept[twin] = _folded(kept[twin], candidate)
    return tuple(kept[index] for index in sorted(kept)), len(everyone) - len(kept)


def are_duplicates(one: FindingDraft, other: FindingDraft, *, similar: float = SIMILAR) -> bool:
    """Whether both say the same: a point in common, and the same words quoted or described alike.

    Praise and blame are never the same, nor are two faults of different kinds on the same words.
    """
    if not set(one.points) & set(other.points):
        return False
    if (one.type is ItemType.POSITIVE) != (other.type is ItemType.POSITIVE):
        return False
    if one.kind and other.kind:
        # Faults on exact words are described alike wherever they stand; only the same words make them the same.
        return (
            one.kind == other.kind and one.quote.section == other.quote.section and _share_words(one.quote, other.quote)
        )
    if one.quote.section == other.quote.section and _share_words(one.quote, other.quote):
        return True
    alike = fuzz.ratio(one.description.casefold(), other.description.casefold(), score_cutoff=similar * 100)
    return alike >= similar * 100 and one.quote.section == other.quote.section


def _folded(kept: Candidate, twin: Candidate) -> Candidate:
    """The kept one, as sure as the surer of the two, with what only the other offers."""
    draft, other = kept.draft, twin.draft
    folded = replace(
        draft,
        confidence=max(draft.confidence, other.confidence),
        suggestion=draft.suggestion or other.suggestion,
        example=draft.example or other.example,
        questions=draft.questions or other.questions,
    )
    return Candidate(folded, tuple(dict.fromkeys((*kept.sources, *twin.sources))))


def _share_words(one: Quote, other: Quote) -> bool:
    if not one.text or not other.text:
        return not one.text and not other.text
    common = min(one.end, other.end) - max(one.start, other.start)
    return common >= OVERLAP * min(one.end - one.start, other.end - other.start)
