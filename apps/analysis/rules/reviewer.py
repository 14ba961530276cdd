"""The built-in reviewer: no model, no network, the same answer every time."""

from collections.abc import Sequence
from dataclasses import replace

from apps.analysis.rules.defects.acronyms import undefined_acronyms
from apps.analysis.rules.defects.local import WORD_RULES
from apps.analysis.rules.defects.timeline import timeline_defects
from apps.analysis.rules.points.table import RULES
from apps.analysis.rules.port import (
    Defect,
    FindingDraft,
    ItemType,
    Quote,
    Risk,
    RuleReview,
    SectionText,
    Status,
    Verdict,
)
from apps.analysis.rules.reading.document import DocumentReading, read_document
from apps.analysis.rules.risk import is_grave, risk_of_gap

_TYPE_OF = {Risk.HIGH: ItemType.CRITICAL, Risk.MEDIUM: ItemType.IMPORTANT, Risk.LOW: ItemType.SUGGESTION}
_MOST_STRENGTHS = 3
_MOST_OF_A_KIND = 4
_TITLES = [
    "Initial Assessment",
    "Investigation Process",
    "Seller Classification",
    "Enforcement Decision-Making",
    "Additional Verification",
    "Multiple Appeals Handling",
    "Account Hijacking Prevention",
    "Funds Management",
    "Outreach",
    "Sentiment Analysis",
    "Root Cause Analysis",
    "Preventative Actions",
    "Documentation and Reporting",
    "Cross-Team Collaboration",
    "Quality Control",
    "Continuous Improvement",
    "Communication Standards",
    "Performance Metrics",
    "Legal and Compliance",
    "New Service Launch",
]
_ADVICE = {rule.number: ", ".join(need.label for need in rule.needs) for rule in RULES}


def begin(sections: Sequence[SectionText]) -> DocumentReading:
    """Read the document once; everything else looks at the reading."""
    return read_document(sections)


def review_section(reading: DocumentReading, index: int) -> tuple[Defect, ...]:
    """The defects of one section, at their exact words."""
    found = [
        defect
        for sentence in reading.sentences
        if sentence.section == index
        for rule in WORD_RULES
        if (defect := rule.find(sentence)) is not None and _is_meant(rule.kind.value, reading.roles[index])
    ]
    found += [one for one in (*undefined_acronyms(reading), *timeline_defects(reading)) if one.quote.section == index]
    return tuple(sorted(found, key=lambda one: (one.quote.start, one.quote.end, one.kind)))


def judge(reading: DocumentReading) -> dict[int, Verdict]:
    """The status of every point; gaps with their risk."""
    grave = is_grave(reading)
    verdicts = {}
    for rule in RULES:
        verdict = rule.judge(reading)
        is_gap = verdict.status == Status.GAP
        verdicts[rule.number] = replace(verdict, risk=risk_of_gap(rule.number, grave=grave)) if is_gap else verdict
    return verdicts


def findings(
    reading: DocumentReading, verdicts: dict[int, Verdict], defects: tuple[Defect, ...]
) -> tuple[FindingDraft, ...]:
    """Items for people, in reading order: one a gap, one a defect, and a few strengths."""
    grave = is_grave(reading)
    drafts = [_gap(verdict) for verdict in verdicts.values() if verdict.status == Status.GAP]
    strengths = [
        verdict
        for verdict in verdicts.values()
        if verdict.status == Status.SATISFIED and verdict.quote and verdict.quote.text
    ]
    drafts += [_strength(verdict) for verdict in strengths[:_MOST_STRENGTHS]]
    seen: dict[str, int] = {}
    for defect in defects:
        seen[defect.kind] = seen.get(defect.kind, 0) + 1
        if seen[defect.kind] <= _MOST_OF_A_KIND:
            drafts.append(_defect(defect, grave=grave))
    order = {section.index: place for place, section in enumerate(reading.sections)}
    return tuple(sorted(drafts, key=lambda one: (order[one.quote.section], one.quote.start, one.points)))


def review(sections: Sequence[SectionText]) -> RuleReview:
    """All of it at once."""
    reading = begin(sections)
    defects = tuple(defect for section in reading.sections for defect in review_section(reading, section.index))
    verdicts = judge(reading)
    return RuleReview(verdicts, defects, findings(reading, verdicts, defects))


def _is_meant(kind: str, role: str) -> bool:
    """Owners and dates are asked of actions, and actions stand where prevention is told."""
    return kind not in {"missing_owner", "missing_date"} or role == "prevention"


def _gap(verdict: Verdict) -> FindingDraft:
    risk = verdict.risk or Risk.LOW
    title = _TITLES[verdict.point - 1]
    return FindingDraft(
        points=(verdict.point,),
        type=_TYPE_OF[risk],
        risk=risk,
        confidence=verdict.confidence,
        quote=verdict.quote or Quote(0, 0, 0, ""),
        description=f"{title}: {verdict.reason[0].lower()}{verdict.reason[1:]}",
        suggestion=f"State {_ADVICE[verdict.point]}."
        if _ADVICE[verdict.point]
        else "Say it in neutral words, with who acted.",
    )


def _strength(verdict: Verdict) -> FindingDraft:
    quote = verdict.quote or Quote(0, 0, 0, "")
    return FindingDraft(
        (verdict.point,),
        ItemType.POSITIVE,
        Risk.LOW,
        verdict.confidence,
        quote,
        f"{_TITLES[verdict.point - 1]}: {verdict.reason}",
        "",
    )


def _defect(defect: Defect, *, grave: bool) -> FindingDraft:
    risk = (
        risk_of_gap(defect.point, grave=grave)
        if defect.kind.value in {"placeholder", "pii_exposed", "symptom_as_cause"}
        else Risk.LOW
    )
    return FindingDraft(
        points=(defect.point,),
        type=_TYPE_OF[risk],
        risk=risk,
        confidence=defect.confidence,
        quote=defect.quote,
        description=defect.reason,
        suggestion=defect.suggestion,
        kind=defect.kind.value,
    )
