"""From drafts to what people see. Each thing left out is counted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from apps.analysis.rules.port import Risk
from apps.analysis.screening.candidate import Candidate
from apps.analysis.screening.confidence import divided_by_confidence
from apps.analysis.screening.duplicates import SIMILAR, without_duplicates
from apps.analysis.screening.ranking import Order, ranked
from apps.analysis.screening.risk import settled_risk


@dataclass(frozen=True, slots=True)
class ScreenSettings:
    """How drafts are screened."""

    min_confidence: float = 0.8
    similar: float = SIMILAR
    order: Order = Order.IMPORTANCE
    default_risks: Mapping[int, Risk] = field(default_factory=dict)
    """Default risk of a gap, by point."""
    is_severe: bool = False
    """The case speaks of fraud, injury, legal threats or the like."""


@dataclass(frozen=True, slots=True)
class Screened:
    """kept + hidden + duplicate_count = drafts given."""

    kept: tuple[Candidate, ...]
    hidden: tuple[Candidate, ...]
    """Under the confidence threshold; stored and shown on demand."""
    duplicate_count: int

    @property
    def hidden_count(self) -> int:
        """How many were under the threshold."""
        return len(self.hidden)


def screen(candidates: Iterable[Candidate], *, settings: ScreenSettings) -> Screened:
    """Settle risks, fold duplicates, hide the unsure, rank the rest."""
    settled = [
        settled_risk(candidate, defaults=settings.default_risks, is_severe=settings.is_severe)
        for candidate in candidates
    ]
    unique, duplicate_count = without_duplicates(settled, similar=settings.similar)
    shown, hidden = divided_by_confidence(unique, threshold=settings.min_confidence)
    return Screened(
        kept=ranked(shown, order=settings.order),
        hidden=ranked(hidden, order=settings.order),
        duplicate_count=duplicate_count,
    )
