"""Point 10: anger, threats, health, media or legal words in correspondence are recognised and routed in time."""

from apps.analysis.rules.points.verdict import gap, not_applicable, satisfied, snippet
from apps.analysis.rules.port import Verdict
from apps.analysis.rules.reading.document import DocumentReading, Sentence

POINT = 10
_TOLD = ("legal_threat", "health_words", "threat_words", "media_words")
_TRIGGERS = ("legal_words", "health_words", "threat_words", "media_words", "anger")


def judge(reading: DocumentReading) -> Verdict:
    """Only correspondence counts, quoted or told: anger that the writer reports of the public is no trigger."""
    triggers = [one for one in reading.sentences if _is_trigger(one)]
    if not triggers:
        return not_applicable(POINT, "No correspondence shows anger, threats, health, media or legal words.")
    routing = next((one for one in reading.narrative if _is_routing(reading, one)), None)
    if routing is not None:
        return satisfied(POINT, routing, f"The trigger was routed to a team with its time: {snippet(routing)}.")
    marked = max(
        triggers, key=lambda one: (one.kind == "email", sum(one.facts.has(tag) for tag in _TRIGGERS[:4]), -one.place)
    )
    return gap(POINT, marked, f"{snippet(marked)} was neither assessed nor routed to a team.", 0.85)


def _is_trigger(sentence: Sentence) -> bool:
    facts = sentence.facts
    if sentence.kind == "email":
        return any(facts.says(tag) for tag in _TRIGGERS)
    if sentence.is_quoted:
        return False
    if any(facts.is_in_quotes(mark) for tag in _TRIGGERS for mark in facts.marks.get(tag, ())):
        return facts.has_any("message_word", "party")
    return (
        facts.has("message_word")
        and facts.has_any("party", "outside_party", "letter_word")
        and any(facts.says(tag) for tag in _TOLD)
    )


def _is_routing(reading: DocumentReading, sentence: Sentence) -> bool:
    """Passed on to a named team, with a time or date, next to the matter itself."""
    facts = sentence.facts
    if reading.role(sentence) == "prevention" or not facts.says("route", "grave_team") or facts.has("vague_team"):
        return False
    if not (facts.times or facts.dates or facts.durations or facts.has("timely")):
        return False
    near = reading.around(sentence, 2, 1)
    if not any(one.facts.has_any("message_word", "letter_word") for one in near):
        return False
    return any(one.facts.has_any(*_TRIGGERS) or one.facts.has("injury") for one in near)
