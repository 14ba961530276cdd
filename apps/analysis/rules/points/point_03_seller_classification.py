"""Point 3: good, bad or confused actor, on evidence of intent, history or response."""

from apps.analysis.rules.points.point_04_enforcement import enforcement_of
from apps.analysis.rules.points.verdict import gap, missing, not_applicable, satisfied, snippet
from apps.analysis.rules.port import Verdict
from apps.analysis.rules.reading.document import DocumentReading, Sentence

POINT = 3
_PLACES = ("classification", "background", "resolution")
_KINDS_OF_EVIDENCE = ("intent", "history", "response")
_FEWEST_WITH_SPECIFICS = 2


def judge(reading: DocumentReading) -> Verdict:
    """Satisfied where a class is stated and at least two facts with specifics speak for it near by."""
    stated = _class_statements(reading)
    if not stated and not is_conduct_at_issue(reading):
        return not_applicable(POINT, "No seller's or account holder's conduct is at issue.")
    for one in stated:
        evidence = [near for near in _scope_of(reading, one) if _is_evidence(near, follows=near.place >= one.place)]
        if len(evidence) >= _FEWEST_WITH_SPECIFICS or any(_weight(near) >= _FEWEST_WITH_SPECIFICS for near in evidence):
            return satisfied(
                POINT,
                max(evidence, key=_weight),
                f"The class rests on evidence: {snippet(max(evidence, key=_weight))}.",
            )
    if stated:
        return gap(
            POINT,
            stated[0],
            f"{snippet(stated[0])} gives a class without evidence of intent, history or response.",
            0.84,
        )
    hint = _impression(reading)
    if hint is not None:
        return gap(POINT, hint, f"{snippet(hint)} describes the seller, but states no class with its evidence.", 0.8)
    return missing(
        POINT,
        reading,
        _PLACES,
        "The write-up does not say whether the seller is a good, bad or confused actor, and on what evidence.",
    )


def is_conduct_at_issue(reading: DocumentReading) -> bool:
    """Sellers broke or may have broken rules, or were acted against, and the text does not say that their conduct plays no part."""
    if any(one.facts.has("no_conduct_issue") for one in reading.narrative):
        return False
    if enforcement_of(reading):
        return True
    return any(one.facts.has("conduct") and one.facts.has("seller") for one in reading.narrative)


def _class_statements(reading: DocumentReading) -> list[Sentence]:
    found = [one for one in reading.prose if one.facts.own("actor_class")]
    return sorted(found, key=lambda one: (reading.role(one) != "classification", one.place))


def _scope_of(reading: DocumentReading, sentence: Sentence) -> tuple[Sentence, ...]:
    """The paragraph of the class, or the whole section when the section is about it or made of short items."""
    section = [one for one in reading.by_section[sentence.section] if not one.is_quoted]
    by_heading = reading.roles[sentence.section] == "classification" and len(reading.paragraph(sentence)) == 1
    if sentence.line_kind != "paragraph" or (by_heading and sentence.line == section[0].line):
        same = [one for one in section if one.line == sentence.line or by_heading]
        return tuple(same) if len(same) > 1 else tuple(one for one in section if abs(one.line - sentence.line) <= 4)
    return reading.paragraph(sentence)


def _is_evidence(sentence: Sentence, *, follows: bool) -> bool:
    """Facts on intent, history or response; right after the class, any two kinds of specifics speak for it."""
    facts = sentence.facts
    if follows and _weight(sentence) >= _FEWEST_WITH_SPECIFICS:
        return True
    return facts.has_any(*_KINDS_OF_EVIDENCE) and (facts.has_specifics or bool(facts.durations) or bool(facts.quoted))


def _weight(sentence: Sentence) -> int:
    """Kinds of specifics, or two kinds of evidence in one sentence with something to look up."""
    facts = sentence.facts
    kinds = sum(facts.has(kind) for kind in _KINDS_OF_EVIDENCE)
    if kinds >= _FEWEST_WITH_SPECIFICS and (facts.references or facts.dates):
        return kinds
    return (
        bool(facts.dates)
        + bool(facts.references)
        + bool(facts.durations)
        + bool(any(c.is_precise for c in facts.counts))
    )


def _impression(reading: DocumentReading) -> Sentence | None:
    about = [
        one for one in reading.prose if one.facts.has("seller") and one.facts.has_any("unsure", "judging", "sloppy")
    ]
    return next(iter(about), None)
