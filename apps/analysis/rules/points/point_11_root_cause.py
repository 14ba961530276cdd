"""Point 11: a chain of causes down to a control of a process or system that failed, with evidence."""

import re

from apps.analysis.rules.points.verdict import gap, listed, missing, satisfied, snippet
from apps.analysis.rules.port import Verdict
from apps.analysis.rules.reading.document import DocumentReading, Sentence

POINT = 11
_PLACES = ("cause", "investigation")
_FEWEST_STEPS = 1
_FEWEST_REASONS = 2
_AFTER_WORDS, _BEFORE_WORDS = 12, 5
_NEAR_CHARS = 30
_FEWEST_NUMBERED = 3
_NUMBERED = re.compile(r"[(]?\d{1,2}[.)] ")


def judge(reading: DocumentReading) -> Verdict:
    """A symptom, human error or the event told again is a gap, as is a chain without a failed control or without evidence."""
    scope = cause_of(reading)
    if not scope:
        return missing(POINT, reading, _PLACES, "No cause is told: which control failed, and why.")
    control = failed_control(reading)
    named = next((one for one in scope if one.facts.says("cause_name")), None)
    denied = next((one for one in scope if says_no_weakness(one)), None)
    human = next((one for one in scope if _is_human_cause(one)), None)
    named_control = control is not None and control.facts.has("control_named")
    if denied is not None and not named_control:
        marked = named or denied
        return gap(POINT, marked, f"{snippet(marked)} is given as the cause, and no control is examined.", 0.85)
    if human is not None and not named_control:
        return gap(
            POINT,
            human,
            f"{snippet(human)} stops at a person; the control that should have caught it is not named.",
            0.85,
        )
    lacking = []
    if control is None:
        lacking.append("a control that failed")
    if not _has_chain(scope):
        lacking.append("a chain of reasons")
    if not _has_evidence(scope, is_named=named_control):
        lacking.append("evidence")
    if not lacking and control is not None:
        return satisfied(POINT, control, f"The chain ends at a control that failed: {snippet(control)}.")
    marked = named or scope[0]
    return gap(POINT, marked, f"{snippet(marked)} tells what happened again; it lacks {listed(lacking)}.", 0.83)


def cause_of(reading: DocumentReading) -> tuple[Sentence, ...]:
    """Where the cause is told: by heading or lead, else the paragraphs that give reasons for something that failed."""
    named = reading.in_roles("cause") or reading.scope("cause")
    if named:
        return named
    lines = [found for found in reading.lines.values() if not found[0].is_quoted and _gives_reasons(found)]
    return tuple(one for found in lines for one in found)


def _gives_reasons(line: tuple[Sentence, ...]) -> bool:
    reasons = sum(len(one.facts.marks.get("why", ())) for one in line)
    return reasons >= _FEWEST_REASONS and any(_is_failing(one) for one in line)


def failed_control(reading: DocumentReading) -> Sentence | None:
    """The sentence of the cause that names the control and how it failed; one that says so outright comes first."""
    scope = cause_of(reading)
    outright = [one for one in scope if one.facts.says("control_named")]
    implied = [one for one in scope if _is_failing(one)]
    return next(iter(outright + implied), None)


def says_no_weakness(sentence: Sentence) -> bool:
    """The text says outright that process, training and tools were sound."""
    return sentence.facts.has("no_weakness")


def _is_failing(sentence: Sentence) -> bool:
    facts = sentence.facts
    fails = facts.marks.get("fails", ())
    if any(0 <= facts.tokens.starts[fail.start] - ref.end <= _NEAR_CHARS for ref in facts.references for fail in fails):
        return True
    return any(
        0 <= fail.start - control.start <= _AFTER_WORDS or 0 <= control.start - fail.start <= _BEFORE_WORDS
        for control in facts.marks.get("control", ())
        for fail in fails
    )


def _is_human_cause(sentence: Sentence) -> bool:
    facts = sentence.facts
    return facts.says("human_cause") and facts.has_any("cause_name", "why")


def _has_chain(scope: tuple[Sentence, ...]) -> bool:
    """Words that give a reason, or steps that are numbered."""
    if sum(len(one.facts.marks.get("why", ())) for one in scope) >= _FEWEST_STEPS:
        return True
    return sum(bool(_NUMBERED.match(one.text)) for one in scope) >= _FEWEST_NUMBERED


def _has_evidence(scope: tuple[Sentence, ...], *, is_named: bool) -> bool:
    """Something was run, sampled or looked up, or other places were counted."""
    for one in scope:
        facts = one.facts
        precise = any(count.is_precise and count.value > 1 for count in facts.counts)
        if facts.has("cause_evidence") and (facts.references or precise):
            return True
        if facts.has("elsewhere") and precise:
            return True
        if is_named and (facts.references or facts.dates):
            return True
    return False
