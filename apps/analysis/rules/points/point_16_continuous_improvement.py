"""Point 16: a weakness that was found leads to a lesson and a change of procedure, training or tool."""

import re

from apps.analysis.rules.points.point_11_root_cause import failed_control, says_no_weakness
from apps.analysis.rules.points.verdict import gap, listed, missing, not_applicable, satisfied, snippet
from apps.analysis.rules.port import Verdict
from apps.analysis.rules.reading.document import DocumentReading, Sentence

POINT = 16
_EDITIONS = ("version", "edition", "revision", "issue", "rev", "second ", "third ", "fourth ", "fifth ")
_LESSONS = re.compile(r"\b(?:lessons?|learn(?:ing|ings|ed|t)?|take-?aways?)\b", re.IGNORECASE)
_FEWEST_WORDS = 6
_PLACES = ("prevention", "cause")


def judge(reading: DocumentReading) -> Verdict:
    """Follows the write-up's own word on whether a weakness was found; a root cause counts as one."""
    lesson = next(
        (one for one in reading.narrative if one.facts.says("lesson") or _is_under_lessons(reading, one)), None
    )
    change = _change(reading)
    if lesson is not None and change is not None:
        return satisfied(POINT, lesson, f"The lesson is told and something changes: {snippet(change)}.")
    if any(says_no_weakness(one) for one in reading.narrative):
        return not_applicable(POINT, "The text says that no weakness of process, training or tool was found.")
    weakness = _weakness(reading)
    lacking = [
        *(["a lesson"] if lesson is None else []),
        *(["a change of procedure, training or tool"] if change is None else []),
    ]
    if weakness is not None:
        return gap(POINT, weakness, f"{snippet(weakness)} tells of a weakness, and {listed(lacking)} is missing.", 0.83)
    control = failed_control(reading)
    if control is not None:
        return gap(POINT, control, f"{snippet(control)} is a weakness, and {listed(lacking)} is missing.", 0.82)
    return missing(POINT, reading, _PLACES, f"Nothing is learned: {listed(lacking)} is missing.", 0.8)


def _is_under_lessons(reading: DocumentReading, sentence: Sentence) -> bool:
    """A sentence, not a word, below "What did we learn?"."""
    is_told = sentence.line_kind != "table_row" and len(sentence.facts.tokens.words) >= _FEWEST_WORDS
    return (
        is_told and bool(_LESSONS.search(reading.headings[sentence.section])) and not sentence.facts.has("vague_wish")
    )


def _change(reading: DocumentReading) -> Sentence | None:
    """A change with a version, date or number: a wish is none."""
    for one in reading.narrative:
        facts = one.facts
        if facts.has_any("vague_wish") and not facts.has("trained"):
            continue
        names = facts.says("change_thing") or reading.names_procedure(one)
        is_edition = any(one_part.text.lower().startswith(_EDITIONS) for one_part in facts.clauses)
        changes = (names and (facts.says("change_made") or is_edition)) or facts.says("trained")
        if (
            changes
            and (facts.dates or facts.references)
            and (reading.role(one) == "prevention" or facts.has("trained") or _is_revision(one))
        ):
            return one
    return None


def _is_revision(sentence: Sentence) -> bool:
    return (
        sentence.facts.has("change_thing")
        and {"got", "gets", "new", "adds", "added", "changed"} & set(sentence.facts.tokens.words) != set()
    )


def _weakness(reading: DocumentReading) -> Sentence | None:
    pool = [one for one in reading.sentences if one.facts.has("weakness") and one.kind != "log"]
    wishes = [
        one for one in reading.scope("prevention") if one.facts.has("vague_wish") and one.facts.has("change_thing")
    ]
    told = [*(one for one in pool if reading.role(one) == "prevention"), *wishes]
    return next(
        iter(told or sorted(pool, key=lambda one: (one.is_quoted, reading.role(one) != "cause", one.place))), None
    )
