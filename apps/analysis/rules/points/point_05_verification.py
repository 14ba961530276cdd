"""Point 5: in a high-risk case, supplier, documents and authenticity were verified through an independent channel."""

from apps.analysis.rules.points.verdict import gap, missing, not_applicable, satisfied, snippet
from apps.analysis.rules.port import Verdict
from apps.analysis.rules.reading.document import DocumentReading, Sentence
from apps.analysis.rules.reading.vocabulary import word_set

POINT = 5
_HIGH_VALUE = 100_000
_MANY = 10
_FEWEST_MENTIONS = 2
_PARTIES = frozenset({"sellers", "accounts", "merchants", "traders"})
_HARMLESS = word_set("harmless_fake")
_PLACES = ("investigation", "resolution")


def judge(reading: DocumentReading) -> Verdict:
    """Satisfied with an independent check, its method and result; a document taken at face value is a gap."""
    trigger = _trigger(reading)
    if trigger is None:
        return not_applicable(
            POINT,
            "Nothing in the case is high-risk: no counterfeit, safety, forged papers, high value or regulated goods.",
        )
    checks = [one for one in reading.narrative if reading.role(one) != "prevention" and _is_check(reading, one)]
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
    """Words of risk, goods that can do harm with a sign that their papers matter, or a high sum of one party with papers to check."""
    for one in reading.sentences:
        if reading.role(one) != "prevention" and (one.facts.says("high_risk") or _is_fake(one)):
            return one
    goods = [one for one in reading.sentences if reading.role(one) != "prevention" and one.facts.says("risky_goods")]
    signs = {one.place for one in reading.sentences if one.facts.says("risky_sign")}
    beside = next((one for one in goods if signs & {one.place - 1, one.place, one.place + 1}), None)
    if beside is not None or (signs and len(goods) >= _FEWEST_MENTIONS):
        return beside or goods[0]
    papers = any(one.facts.says("verify_source", "document_word") for one in reading.narrative)
    many = any(
        count.noun in _PARTIES and count.value >= _MANY for one in reading.narrative for count in one.facts.counts
    )
    sums = (one for one in reading.narrative if any(amount.value >= _HIGH_VALUE for amount in one.facts.amounts))
    taken = any(
        one.facts.says("bare_assertion", "document_word")
        or (one.facts.says("bare_assertion") and _goes_on_about_paper(reading, one))
        for one in reading.prose
    )
    return next(sums, None) if taken or (papers and not many) else None


def _is_fake(sentence: Sentence) -> bool:
    """Fake goods or papers; fake reviews and tracking numbers are another matter."""
    facts = sentence.facts
    words = facts.tokens.words
    return any(not _HARMLESS & set(words[mark.end : mark.end + 2]) for mark in facts.affirmed("fake"))


def _is_check(reading: DocumentReading, sentence: Sentence) -> bool:
    """A source outside the seller was asked or measured here, and it answered here or in the next sentence."""
    facts = sentence.facts
    if not facts.says("verify_source"):
        return False
    near = [one for one in reading.around(sentence, 0, 1) if one.line == sentence.line]
    told = any(one.facts.says("verify_act") for one in near) and any(one.facts.says("verify_result") for one in near)
    return told and any(one.facts.has_specifics or one.facts.times for one in near)


def _strength(sentence: Sentence) -> int:
    facts = sentence.facts
    return (
        bool(facts.dates)
        + bool(facts.references)
        + len(facts.marks["verify_source"])
        + len(facts.marks.get("verify_act", ()))
    )


def _bare_assertion(reading: DocumentReading, checks: list[Sentence]) -> Sentence | None:
    """A paper called genuine or forged without anybody having been asked about that paper."""
    checked = {near.place for one in checks for near in reading.around(one, 1, 2) if near.line == one.line}
    about = {word for one in checks for near in reading.around(one, 1, 0) for word in _papers(near)}
    for one in reading.prose:
        if one.place in checked or reading.role(one) in {"prevention", "cause"} or _papers(one) & about - _others(one):
            continue
        facts = one.facts
        is_of_paper = facts.has("document_word") or _goes_on_about_paper(reading, one)
        if facts.says("bare_assertion") and is_of_paper and not (facts.dates or facts.references):
            return one
    return None


def _goes_on_about_paper(reading: DocumentReading, sentence: Sentence) -> bool:
    """ "It has the right logo": the paper stands in the sentence before."""
    if sentence.facts.tokens.words[:1] not in {("it",), ("they",), ("this",), ("these",), ("both",)}:
        return False
    return any(one.facts.has("document_word") for one in reading.around(sentence, 1, 0) if one.line == sentence.line)


def _papers(sentence: Sentence) -> set[str]:
    facts = sentence.facts
    return {facts.tokens.words[mark.start].rstrip("s") for mark in facts.marks.get("document_word", ())}


def _others(sentence: Sentence) -> set[str]:
    """Papers of another kind or for other goods than those that were checked."""
    return _papers(sentence) if {"other", "remaining", "second", "others"} & set(sentence.facts.tokens.words) else set()
