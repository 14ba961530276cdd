"""Point 15: somebody who had no part in the case checked the finding, with a result. A self-review is no check."""

from apps.analysis.rules.points.verdict import gap, missing, satisfied, snippet
from apps.analysis.rules.port import Verdict
from apps.analysis.rules.reading.document import DocumentReading, Sentence
from apps.analysis.rules.reading.people import Person
from apps.analysis.rules.reading.vocabulary import Mark

POINT = 15
_CASE_WORK = frozenset({"investigation", "cause"})
_PLACES = ("investigation", "documentation", "prevention")


def judge(reading: DocumentReading) -> Verdict:
    """Satisfied with an independent reader, what was checked again, and what came of it."""
    for one in reading.prose:
        if _is_independent(reading, one):
            near = [near for near in reading.around(one, 1, 3) if near.line_kind != "table_row"]
            does = next(
                (near for near in near if near.facts.says("check_again") and not near.facts.has("commit")), None
            )
            result = any(near.facts.has("check_result") for near in near)
            if does is not None and result:
                return satisfied(POINT, does, f"An independent reader checked the finding: {snippet(does)}.")
    by_heading = _reader_by_heading(reading)
    if by_heading is not None:
        return satisfied(
            POINT, by_heading, f"Somebody new to the case checked the finding: {snippet(by_heading)}.", 0.8
        )
    own = next((one for one in reversed(reading.prose) if _is_self_review(reading, one)), None)
    if own is not None:
        return gap(POINT, own, f"{snippet(own)} is a check by the writers themselves.", 0.85)
    return missing(POINT, reading, _PLACES, "Nobody without a part in the case checked the finding.", 0.83)


def _reader_by_heading(reading: DocumentReading) -> Sentence | None:
    """Under a heading of checks, a person whom no other section of the writer's names, who checked something with a result."""
    for one in reading.narrative:
        facts = one.facts
        if (
            reading.roles[one.section] != "documentation"
            or not (people := _people_of(reading, one))
            or not facts.says("check_again")
            or facts.has("commit")
        ):
            continue
        elsewhere = {
            person.name for other in reading.narrative if other.section != one.section for person in other.facts.people
        }
        is_new = not any(person.name in elsewhere for person in people[:1])
        near = reading.around(one, 0, 2)
        if (
            is_new
            and any(other.facts.has("check_result") for other in near)
            and any(other.facts.has_specifics for other in near)
        ):
            return one
    return None


def _people_of(reading: DocumentReading, sentence: Sentence) -> tuple[Person, ...]:
    """The people of the sentence, or of the one before when it goes on with "she" or "he"."""
    if sentence.facts.people or sentence.facts.tokens.words[:1] not in {("she",), ("he",), ("they",)}:
        return sentence.facts.people
    before = [one for one in reading.around(sentence, 1, 0) if one.place < sentence.place]
    return before[0].facts.people if before else ()


def _is_independent(reading: DocumentReading, sentence: Sentence) -> bool:
    """Somebody is said to stand outside the case; the procedure's own demand for that is no fact."""
    facts = sentence.facts
    if reading.role(sentence) == "prevention" or not any(
        _is_meant(sentence, mark) for mark in facts.marks.get("independent", ())
    ):
        return False
    if facts.has("asks") and facts.references and not facts.people:
        return False
    return facts.has("team_name") or any(one.facts.people for one in reading.around(sentence, 0, 2))


def _is_meant(sentence: Sentence, mark: Mark) -> bool:
    """Not "no second reader", and not what the writer says of the own work."""
    words = sentence.facts.tokens.words
    if mark.start > 0 and words[mark.start - 1] in {"no", "without", "never"}:
        return False
    return words[mark.start : mark.start + 1] != ("did",) or not {"i", "we"} & set(
        words[max(0, mark.start - 2) : mark.start]
    )


def _is_self_review(reading: DocumentReading, sentence: Sentence) -> bool:
    facts = sentence.facts
    return (
        facts.has("self_review")
        and (facts.has_any("check_again", "check_result") or "check" in facts.tokens.words)
        and reading.role(sentence) not in _CASE_WORK
    )
