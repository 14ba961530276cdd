"""The built-in reviewer: no model, no network, the same answer every time."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from apps.analysis.rules.defects.confidence import confidence_of
from apps.analysis.rules.defects.registry import marks_of
from apps.analysis.rules.framework import FrameworkText, PointText
from apps.analysis.rules.points.table import RULES
from apps.analysis.rules.port import Defect, FindingDraft, Risk, RuleReview, SectionText, Status, Verdict
from apps.analysis.rules.reading.document import DocumentReading, read_document
from apps.analysis.rules.risk import is_grave, raised
from apps.analysis.rules.writing.findings import Material, findings_of

NOT_JUDGED = "No built-in rule judges this point; it is left to people and to the model."
NOTHING_TO_JUDGE = "The document has no sections, so there is nothing to judge."


@dataclass(frozen=True)
class OpenReview:
    """A document that was read, and the framework against which it is reviewed."""

    reading: DocumentReading
    framework: FrameworkText

    @cached_property
    def defects(self) -> tuple[Defect, ...]:
        """Every defect in reading order. A kind that the framework does not list is not looked for."""
        found = []
        for mark in marks_of(self.reading):
            words = self.framework.defect(mark.kind)
            if words:
                advice = words.advice or words.explanation
                confidence = confidence_of(mark.kind)
                found.append(
                    Defect(
                        mark.kind, mark.quote, words.point, mark.reason, advice, confidence, mark.sentence, mark.other
                    )
                )
        return tuple(found)


def begin(sections: Sequence[SectionText], framework: FrameworkText) -> OpenReview:
    """Read the document once; everything else looks at the reading."""
    return OpenReview(read_document(sections), framework)


def review_section(opened: OpenReview, index: int) -> tuple[Defect, ...]:
    """The defects of one section, at their exact words."""
    return tuple(one for one in opened.defects if one.quote.section == index)


def judge(opened: OpenReview) -> dict[int, Verdict]:
    """The status of every point of the framework, gaps with their risk.

    A point without a rule is said not to be judged, and so is every point of a document without sections: no gap without a place.
    """
    if not opened.reading.sections:
        return {one.number: _not_judged(one, NOTHING_TO_JUDGE) for one in opened.framework.points}
    grave = is_grave(opened.reading)
    verdicts = {}
    for point in opened.framework.points:
        judge_point = RULES.get(point.rule) if point.rule else None
        if judge_point is None:
            verdicts[point.number] = _not_judged(point, NOT_JUDGED)
        else:
            verdicts[point.number] = _as_point(judge_point(opened.reading), point, grave=grave)
    return verdicts


def findings(opened: OpenReview, verdicts: dict[int, Verdict], defects: tuple[Defect, ...]) -> tuple[FindingDraft, ...]:
    """Items for people, in reading order: one a gap, one a defect, and a few strengths."""
    return findings_of(Material(opened.reading, opened.framework, verdicts, defects))


def review(sections: Sequence[SectionText], framework: FrameworkText) -> RuleReview:
    """All of it at once."""
    opened = begin(sections, framework)
    verdicts = judge(opened)
    return RuleReview(verdicts, opened.defects, findings(opened, verdicts, opened.defects))


def _not_judged(point: PointText, reason: str) -> Verdict:
    return Verdict(point.number, Status.NOT_JUDGED, None, 1.0, None, reason)


def _as_point(verdict: Verdict, point: PointText, *, grave: bool) -> Verdict:
    """A rule's verdict under this framework's number and default risk."""
    is_gap = verdict.status is Status.GAP
    risk: Risk | None = raised(point.default_risk, grave=grave) if is_gap else None
    return replace(verdict, point=point.number, risk=risk)
