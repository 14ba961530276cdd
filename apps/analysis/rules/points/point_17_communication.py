"""Point 17: neutral words, terms that are explained, and subjects that act; judged on the writer's own words."""

from apps.analysis.rules.points.verdict import gap, listed, satisfied, snippet
from apps.analysis.rules.port import Verdict
from apps.analysis.rules.reading.acronyms import unexplained_acronyms
from apps.analysis.rules.reading.document import DocumentReading, Sentence
from apps.analysis.rules.reading.hidden_actors import hidden_actors_in

POINT = 17
_FEWEST_ACRONYMS = 2
_FEWEST_HIDDEN = 3
_MOST_NAMED = 4


def judge(reading: DocumentReading) -> Verdict:
    """One judging remark, several unexplained abbreviations or many hidden actors make it a gap."""
    judging = [one for one in reading.narrative if is_judging(one)]
    if judging:
        worst = max(judging, key=_heat)
        return gap(POINT, worst, f"{snippet(worst)} judges instead of telling a fact.", 0.86)
    acronyms = unexplained_acronyms(reading)
    if len(acronyms) >= _FEWEST_ACRONYMS:
        names = listed(one.text for one in acronyms[:_MOST_NAMED])
        return gap(POINT, acronyms[0], f"{names} are never written out.", 0.84)
    hidden = hidden_actors_in(reading)
    if len(hidden) >= _FEWEST_HIDDEN:
        first, span = hidden[0]
        more = len(hidden) - 1
        reason = f"{snippet(first.part(*span))} and {more} more {'passages hide' if more > 1 else 'passage hides'} who acted."
        return gap(POINT, first, reason, 0.8)
    best = _clear(reading)
    if best is None:
        return satisfied(POINT, reading.place_for(()), "There are no words to object to.")
    return satisfied(POINT, best, f"The wording is neutral and says who acted, as in {snippet(best)}.")


def is_judging(sentence: Sentence) -> bool:
    """The writer judges a person or party; words between quotation marks are somebody else's."""
    facts = sentence.facts
    return any(not facts.is_in_quotes(mark) for tag in ("judging", "blaming") for mark in facts.affirmed(tag))


def _heat(sentence: Sentence) -> int:
    weights = {"judging": 2, "blaming": 1, "boast": 1}
    return sum(weight * len(sentence.facts.own(tag)) for tag, weight in weights.items())


def _clear(reading: DocumentReading) -> Sentence | None:
    named = [one for one in reading.prose if one.facts.people and one.facts.dates]
    return next(iter(named or reading.narrative or reading.sentences), None)
