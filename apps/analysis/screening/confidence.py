"""Drafts under the threshold are hidden, never deleted: people see how many and may show them."""

from collections.abc import Iterable

from apps.analysis.screening.candidate import Candidate


def divided_by_confidence(
    candidates: Iterable[Candidate], *, threshold: float
) -> tuple[tuple[Candidate, ...], tuple[Candidate, ...]]:
    """Return (shown, hidden); a confidence equal to the threshold is shown."""
    everyone = tuple(candidates)
    return (
        tuple(candidate for candidate in everyone if candidate.draft.confidence >= threshold),
        tuple(candidate for candidate in everyone if candidate.draft.confidence < threshold),
    )
