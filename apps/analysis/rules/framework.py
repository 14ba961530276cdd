"""A framework as plain values: its points and kinds of fault, and the words in which findings about them are written."""

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
    rule: int | None = None
    """The built-in rule that judges it, by the number of Hawkeye's point; None when no rule does."""
    example: str = ""
    """How the missing words could read, with blanks in angle brackets; "" when the framework has none."""
    questions: tuple[str, ...] = ()
    """What a colleague would ask the writer; the two that fit best are shown."""
    strength: str = ""
    """What is good about words that satisfy the point; "" for the rule's own reason."""


@dataclass(frozen=True, slots=True)
class DefectText:
    """One kind of fault on exact words, and the point that it weighs on."""

    kind: DefectKind
    title: str
    point: int
    explanation: str
    risk: Risk = Risk.LOW
    advice: str = ""
    """What to do about it; "" for the explanation of the kind."""
    questions: tuple[str, ...] = ()


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
    """The kinds that are looked for; a kind that is not listed is not."""

    def titles(self) -> dict[int, str]:
        """The points' titles by number."""
        return {point.number: point.title for point in self.points}

    def point(self, number: int) -> PointText:
        """The point of this number, which must be one of this framework."""
        return next(point for point in self.points if point.number == number)

    def defect(self, kind: DefectKind) -> DefectText | None:
        """The words on this kind of fault; None when the framework does not look for it."""
        return next((defect for defect in self.defects if defect.kind == kind), None)
