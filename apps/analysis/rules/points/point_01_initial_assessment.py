"""Point 1: who was affected, how many, for how long or at what cost. Adjectives are no answer."""

import re

from apps.analysis.rules.points.verdict import gap, missing, satisfied, snippet
from apps.analysis.rules.port import Verdict
from apps.analysis.rules.reading.document import DocumentReading, Sentence

POINT = 1
_PLACES = ("impact", "summary", "timeline")
_OWN_WORK = frozenset({"prevention", "investigation", "classification", "documentation", "cause"})
_OPENING_SENTENCES = 9
_FEWEST_WORDS = 6
_LABELLED_COUNT = re.compile(r"^[^\W\d][^\d:]{2,39}: ?\d[\d,. ]{0,9}(?!\d|:)")


def judge(reading: DocumentReading) -> Verdict:
    """Satisfied where one place says how many were hit and over which period or at what cost."""
    told = [one for one in _impact_sentences(reading) if _how_many(one)]
    for one in told:
        near = reading.around(one, 2, 3)
        if any(_has_extent(other) for other in near):
            return satisfied(POINT, one, f"It is counted who was affected, and over which extent: {snippet(one)}.")
    vague = _vague(reading)
    if told and (vague is None or reading.role(told[0]) in {"summary", "impact"}):
        return gap(
            POINT,
            told[0],
            f"{snippet(told[0])} counts who was affected but gives neither the period nor the amount.",
            0.8,
        )
    if vague is not None:
        return gap(POINT, vague, f"{snippet(vague)} gives no number of those affected, no period and no amount.", 0.86)
    return missing(
        POINT,
        reading,
        _PLACES,
        "Nobody is counted: who was affected, how many, for how long or at what cost is not said.",
    )


def _impact_sentences(reading: DocumentReading) -> list[Sentence]:
    """Where impact is told: sections named so, the opening, and sentences elsewhere that speak of harm."""
    opening = {
        one.place for one in [s for s in reading.narrative if len(s.text.split()) >= _FEWEST_WORDS][:_OPENING_SENTENCES]
    }
    found = []
    for one in reading.narrative:
        role = reading.role(one)
        if role in {"summary", "impact"} or (role not in _OWN_WORK and (one.place in opening or one.facts.has("harm"))):
            found.append(one)
    return found


def _how_many(sentence: Sentence) -> bool:
    """A precise count of people, accounts or things that were hit, not of those who investigate."""
    facts = sentence.facts
    words = facts.tokens.words
    if _is_of_the_work(sentence):
        return False
    if facts.has("harm") and facts.has_any("party", "goods") and _LABELLED_COUNT.search(sentence.text):
        return True
    parties = {words[mark.start] for mark in facts.marks.get("party", ())}
    goods = {words[mark.start] for mark in facts.marks.get("goods", ())}
    return any(
        (count.noun in parties and (count.value > 1 or (count.value == 1 and facts.has("harm"))))
        or (count.noun in goods and count.value > 1 and facts.has("harm"))
        for count in facts.counts
        if count.is_precise
    )


def _is_of_the_work(sentence: Sentence) -> bool:
    """It counts who investigated, what was looked through, or whom a launch was meant to reach."""
    facts = sentence.facts
    if facts.has_any("our_staff", "no_weakness") or (facts.has_any("check_again") and facts.has("independent")):
        return True
    if facts.has("check_again") and {"we", "i"} & set(facts.tokens.words[:2]):
        return True
    return facts.has_any("launch", "readiness") and not facts.has_any("impact_word", "harm")


def _has_extent(sentence: Sentence) -> bool:
    facts = sentence.facts
    return bool(
        facts.amounts or facts.durations or facts.times or len(facts.dates) > 1 or any(d.is_full for d in facts.dates)
    )


def _vague(reading: DocumentReading) -> Sentence | None:
    """The sentence that a reviewer would mark: harm told in adjectives."""
    candidates = [
        one
        for one in _impact_sentences(reading)
        if one.facts.has("vague_amount") and one.facts.has_any("party", "goods", "impact_word")
    ]
    return max(candidates, key=lambda one: _vagueness(reading, one), default=None)


def _vagueness(reading: DocumentReading, sentence: Sentence) -> int:
    facts = sentence.facts
    return (
        2 * min(2, len(facts.own("vague_amount")))
        + 2 * facts.has("party")
        + facts.has("harm")
        + 2 * facts.has("impact_word")
        + 2 * (reading.role(sentence) in {"impact", "summary"})
        - 3 * facts.has("no_weakness")
    )
