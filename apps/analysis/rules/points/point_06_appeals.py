"""Point 6: more than one appeal, reinstatement or violation: how many, what was new in each, and were earlier decisions read again."""

from apps.analysis.rules.points.verdict import gap, not_applicable, satisfied, snippet
from apps.analysis.rules.port import Verdict
from apps.analysis.rules.reading.document import DocumentReading, Sentence

POINT = 6


def judge(reading: DocumentReading) -> Verdict:
    """Satisfied with a count and a look back that comes to a conclusion."""
    repeats = [one for one in reading.sentences if one.facts.says("repeat") and reading.role(one) != "prevention"]
    if not repeats:
        return not_applicable(POINT, "There is no second appeal, reinstatement or violation.")
    own = [one for one in repeats if not one.is_quoted] or repeats
    look_back = next((one for one in reading.prose if _is_look_back(reading, one)), None)
    counted = any(_is_counted(one) for one in reading.narrative)
    if look_back is not None and counted:
        return satisfied(
            POINT,
            look_back,
            f"The repeated requests are counted and the earlier decisions were read again: {snippet(look_back)}.",
        )
    lacking = "says how many there were" if look_back is not None else "no earlier decision was read again"
    words = f"{snippet(own[0])} tells of more than one, but {'nothing ' if look_back is not None else ''}{lacking}."
    return gap(POINT, own[0], words, 0.84)


def _is_look_back(reading: DocumentReading, sentence: Sentence) -> bool:
    facts = sentence.facts
    if not facts.says("look_back"):
        return False
    near = reading.around(sentence, 1, 3)
    about = any(
        one.facts.has_any("appeal", "repeat", "enforce")
        or "refusal" in one.text.lower()
        or "answers" in one.text.lower()
        for one in near
    )
    return about and any(one.facts.has("look_back_result") for one in near)


def _is_counted(sentence: Sentence) -> bool:
    facts = sentence.facts
    return facts.has_any("repeat", "appeal") and bool(
        facts.counts or facts.dates or {"first", "second", "third", "both", "twice"} & set(facts.tokens.words)
    )
