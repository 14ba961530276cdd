"""Point 15: somebody who had no part in the case checked the finding, with a result. A self-review is no check."""

from apps.analysis.rules.points.verdict import gap, missing, satisfied, snippet
from apps.analysis.rules.port import Verdict
from apps.analysis.rules.reading.document import DocumentReading, Sentence

POINT = 15
_PLACES = ("documentation", "investigation", "prevention")


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
    own = next((one for one in reading.prose if _is_self_review(reading, one)), None)
    if own is not None:
        return gap(POINT, own, f"{snippet(own)} is a check by the writers themselves.", 0.85)
    return missing(POINT, reading, _PLACES, "Nobody without a part in the case checked the finding.", 0.83)


def _is_independent(reading: DocumentReading, sentence: Sentence) -> bool:
    facts = sentence.facts
    if reading.role(sentence) in {"prevention", "cause", "resolution"} and not _says_no_part(sentence):
        return False
    if not facts.has("independent") or (facts.has("asks") and facts.references and not facts.people):
        return False
    if _is_denied(sentence):
        return False
    near = reading.around(sentence, 0, 2)
    return any(one.facts.people for one in near) or facts.has("team_name")


def _says_no_part(sentence: Sentence) -> bool:
    return sentence.facts.has("independent")


def _is_denied(sentence: Sentence) -> bool:
    """ "No second reader looked at it"; "had no part" is itself a denial and stays."""
    words = sentence.facts.tokens.words
    return any(
        mark.start > 0 and words[mark.start - 1] in {"no", "without", "never"}
        for mark in sentence.facts.marks.get("independent", ())
    )


def _is_self_review(reading: DocumentReading, sentence: Sentence) -> bool:
    facts = sentence.facts
    return (
        facts.has("self_review")
        and facts.has_any("check_again", "check_result")
        and reading.role(sentence) in {"documentation", "other"}
    )
