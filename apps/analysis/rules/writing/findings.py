"""Items for people to decide on: one a gap, one a defect, a few strengths; what is alike is folded and counted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from apps.analysis.rules.framework import FrameworkText, PointText
from apps.analysis.rules.port import Defect, DefectKind, FindingDraft, ItemType, Quote, Risk, Status, Verdict
from apps.analysis.rules.reading.document import DocumentReading
from apps.analysis.rules.writing.blanks import blank
from apps.analysis.rules.writing.commitments import action_with_blanks, row_with_blanks
from apps.analysis.rules.writing.folding import Group, folded
from apps.analysis.rules.writing.merging import merged
from apps.analysis.rules.writing.phrases import (
    MOST_QUESTIONS,
    described_defect,
    described_gap,
    questions_for,
    suggestion_for_gap,
)
from apps.analysis.rules.writing.rewrites import rewrite

TYPE_OF = {Risk.HIGH: ItemType.CRITICAL, Risk.MEDIUM: ItemType.IMPORTANT, Risk.LOW: ItemType.SUGGESTION}
MOST_STRENGTHS = 3
_MOST_POINTS = 3
# Of these kinds a gap of their point is made: both in one item, on the words in question.
_ARE_THE_GAP = frozenset({DefectKind.SYMPTOM_AS_CAUSE, DefectKind.UNQUANTIFIED_IMPACT, DefectKind.NO_SUCCESS_MEASURE})
# They belong to their action, whichever of its cells is marked.
_OF_AN_ACTION = frozenset({DefectKind.MISSING_OWNER, DefectKind.MISSING_DATE})
_RISKS = (Risk.HIGH, Risk.MEDIUM, Risk.LOW)

# Mending these words alone would leave the gap open, so the framework's example is the better one.
_SAY_LESS_THAN_THE_POINT = frozenset({DefectKind.UNSUPPORTED_CLAIM, DefectKind.VAGUE_QUANTITY})


@dataclass(frozen=True, slots=True)
class Material:
    """What items are made from."""

    reading: DocumentReading
    framework: FrameworkText
    verdicts: dict[int, Verdict]
    defects: Sequence[Defect]


def findings_of(material: Material) -> tuple[FindingDraft, ...]:
    """The items in reading order."""
    gaps = [verdict for verdict in material.verdicts.values() if verdict.status is Status.GAP]
    absorbed = {verdict.point: _marked_by(verdict, material.defects) for verdict in gaps}
    taken = {id(defect) for group in absorbed.values() for defect in group}
    drafts = merged([_gap(verdict, absorbed[verdict.point], material) for verdict in gaps])
    faulted = {draft.quote for draft in drafts}
    drafts += [
        _strength(verdict, material.framework) for verdict in _strengths(material) if verdict.quote not in faulted
    ]
    left = [defect for defect in material.defects if id(defect) not in taken]
    drafts += [_defect(group, material) for group in folded(left, sentence_count=len(material.reading.sentences))]
    order = {section.index: place for place, section in enumerate(material.reading.sections)}
    return tuple(sorted(drafts, key=lambda one: (order[one.quote.section], one.quote.start, one.points, one.kind)))


def _marked_by(verdict: Verdict, defects: Iterable[Defect]) -> tuple[Defect, ...]:
    """Defects of the point on words that the gap's own item marks already; where it marks none, the words that are the gap."""
    quote = verdict.quote
    own = [one for one in defects if one.point == verdict.point]
    if quote and quote.text:
        return tuple(one for one in own if _overlap(one.sentence if one.kind in _OF_AN_ACTION else one.quote, quote))
    own.sort(key=lambda one: quote is not None and one.quote.section != quote.section)
    return tuple(one for one in own if one.kind in _ARE_THE_GAP)[:1]


def _overlap(one: Quote, other: Quote) -> bool:
    return one.section == other.section and min(one.end, other.end) > max(one.start, other.start)


def _gap(verdict: Verdict, marked: tuple[Defect, ...], material: Material) -> FindingDraft:
    point = material.framework.point(verdict.point)
    risk = verdict.risk or Risk.LOW
    quote = verdict.quote or Quote(material.reading.sections[0].index, 0, 0, "")
    if not quote.text and marked:
        quote = marked[0].quote
    return FindingDraft(
        points=(point.number,),
        type=TYPE_OF[risk],
        risk=risk,
        confidence=verdict.confidence,
        quote=quote,
        description=described_gap(replace(verdict, quote=quote), marked, material.reading),
        suggestion=suggestion_for_gap(point, quote, material.reading),
        example=_example(point, marked),
        questions=questions_for(point.questions, verdict.reason),
    )


def _example(point: PointText, marked: tuple[Defect, ...]) -> str:
    """A rewrite of the marked words where there is one, else the framework's own way of saying it."""
    groups = folded((one for one in marked if one.kind not in _SAY_LESS_THAN_THE_POINT), sentence_count=0)
    return next((text for group in groups if (text := _rewritten(group))), "") or point.example


def _strengths(material: Material) -> list[Verdict]:
    """The points of most weight whose evidence can be shown, the surest first."""
    told = {section.index for section in material.reading.sections if section.kind == "narrative"}
    met = [
        verdict
        for verdict in material.verdicts.values()
        if verdict.status is Status.SATISFIED and verdict.quote and verdict.quote.text and verdict.quote.section in told
    ]
    weight = {point.number: _RISKS.index(point.default_risk) for point in material.framework.points}
    met.sort(key=lambda verdict: (weight[verdict.point], -verdict.confidence, verdict.point))
    by_words = {(verdict.quote.section, verdict.quote.start): verdict for verdict in reversed(met) if verdict.quote}
    return [verdict for verdict in met if verdict in by_words.values()][:MOST_STRENGTHS]


def _strength(verdict: Verdict, framework: FrameworkText) -> FindingDraft:
    point = framework.point(verdict.point)
    return FindingDraft(
        points=(point.number,),
        type=ItemType.POSITIVE,
        risk=Risk.LOW,
        confidence=verdict.confidence,
        quote=verdict.quote or Quote(0, 0, 0, ""),
        description=point.strength or verdict.reason,
        suggestion="",
    )


def _defect(group: Group, material: Material) -> FindingDraft:
    first = group.shown
    words = material.framework.defect(first.kind)
    risk = words.risk if words else Risk.LOW
    points = tuple(dict.fromkeys(one.point for one in (first, *group.beside)))[:_MOST_POINTS]
    return FindingDraft(
        points=points,
        type=TYPE_OF[risk],
        risk=risk,
        confidence=first.confidence,
        quote=first.quote,
        description=described_defect(group),
        suggestion=_suggestion(group),
        example=_rewritten(group),
        questions=_questions(group, material.framework),
        kind=first.kind.value,
    )


def _suggestion(group: Group) -> str:
    """The advice on the kind; on both kinds where owner and date are missing."""
    advice = (
        [one.suggestion for one in (group.shown, *group.beside)]
        if group.lacks_owner_and_date
        else [group.shown.suggestion]
    )
    return " ".join(dict.fromkeys(advice))


def _questions(group: Group, framework: FrameworkText) -> tuple[str, ...]:
    """Those of the kind; one of each where owner and date are missing."""
    kinds = (
        dict.fromkeys(one.kind for one in (group.shown, *group.beside))
        if group.lacks_owner_and_date
        else (group.shown.kind,)
    )
    words = [found for kind in kinds if (found := framework.defect(kind))]
    if len(words) > 1:
        return tuple(one.questions[0] for one in words if one.questions)[:MOST_QUESTIONS]
    return questions_for(words[0].questions if words else (), group.shown.reason)


def _rewritten(group: Group) -> str:
    """An action that lacks both owner and date gets both blanks, whichever of the two marks is shown."""
    defect = group.shown
    if defect.kind is DefectKind.BLAME_LANGUAGE and any(one.kind is defect.kind for one in group.beside):
        return f"{blank('What was done, when, and the record that shows it')}."
    if not group.lacks_owner_and_date:
        return rewrite(defect)
    if " | " in defect.sentence.text:
        return row_with_blanks((defect, *group.beside))
    return action_with_blanks(defect, lacks=frozenset([DefectKind.MISSING_OWNER, DefectKind.MISSING_DATE]))
