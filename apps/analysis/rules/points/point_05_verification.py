"""Point 5: in a high-risk case, supplier, documents and authenticity were verified through an independent channel."""

from apps.analysis.rules.points.verdict import gap, missing, not_applicable, satisfied, snippet
from apps.analysis.rules.port import Verdict
from apps.analysis.rules.reading.document import DocumentReading, Sentence

POINT = 5
_PLACES = ("investigation", "resolution")
_HIGH_VALUE = 100_000


def judge(reading: DocumentReading) -> Verdict:
    """Satisfied with an independent check, its method and result; a document taken at face value is a gap."""
    trigger = _trigger(reading)
    if trigger is None:
        return not_applicable(
            POINT,
            "Nothing in the case is high-risk: no counterfeit, safety, forged papers, high value or regulated goods.",
        )
    checks = [one for one in reading.narrative if reading.role(one) != "prevention" and _is_check(one)]
    bare = _bare_assertion(reading, checks)
    if bare is not None:
        return gap(POINT, bare, f"{snippet(bare)} takes a document at face value; no independent check is told.", 0.84)
    if checks:
        best = max(checks, key=_strength)
        return satisfied(POINT, best, f"An independent channel was asked, with a result: {snippet(best)}.")
    return missing(
        POINT, reading, _PLACES, f"The case is high-risk ({snippet(trigger)}), and nothing was verified independently."
    )


def _trigger(reading: DocumentReading) -> Sentence | None:
    for one in reading.sentences:
        if one.facts.says("high_risk"):
            return one
        if any(amount.value >= _HIGH_VALUE for amount in one.facts.amounts) and one.facts.has_any(
            "goods", "document_word"
        ):
            return one
    return None


def _is_check(sentence: Sentence) -> bool:
    """A source outside the seller was asked or measured, and answered."""
    facts = sentence.facts
    return facts.says("verify_source", "verify_act", "verify_result") and (facts.has_specifics or bool(facts.times))


def _strength(sentence: Sentence) -> int:
    facts = sentence.facts
    return (
        bool(facts.dates) + bool(facts.references) + len(facts.marks["verify_source"]) + len(facts.marks["verify_act"])
    )


def _bare_assertion(reading: DocumentReading, checks: list[Sentence]) -> Sentence | None:
    checked = {near.place for one in checks for near in reading.around(one, 2, 2)}
    for one in reading.prose:
        if one.place in checked or reading.role(one) in {"prevention", "cause"}:
            continue
        facts = one.facts
        if facts.says("bare_assertion") and facts.has("document_word") and not (facts.dates or facts.references):
            return one
    return None
