"""A framework as plain values."""

from dataclasses import dataclass

from apps.analysis.rules.port import DefectKind, Risk


@dataclass(frozen=True, slots=True)
class PointText:
    """One point: what a reviewer asks, and how the answer is judged."""

    number: int
    title: str
    question: str
    applies_when: str
    """"" when it is judged in every document."""
    gap_when: str
    satisfied_when: str
    default_risk: Risk
    advice: str
    sections: tuple[str, ...]
    """Headings that mostly carry it; where one looks when it is missing."""


@dataclass(frozen=True, slots=True)
class DefectText:
    """One kind of fault on exact words, and the point that it weighs on."""

    kind: DefectKind
    title: str
    point: int
    explanation: str


@dataclass(frozen=True, slots=True)
class FrameworkText:
    """A whole framework."""

    slug: str
    title: str
    version: int
    summary: str
    risk_raised_by: tuple[str, ...]
    points: tuple[PointText, ...]
    defects: tuple[DefectText, ...]

    def titles(self) -> dict[int, str]:
        """The points' titles by number."""
        return {point.number: point.title for point in self.points}
