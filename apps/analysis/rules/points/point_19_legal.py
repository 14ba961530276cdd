"""Point 19: an obligation that the case touches is named and handled: consulted, notified, or kept to its deadline."""

from apps.analysis.rules.points.verdict import gap, not_applicable, satisfied, snippet
from apps.analysis.rules.port import Verdict
from apps.analysis.rules.reading.document import DocumentReading, Sentence

POINT = 19
_REACH = 3
_ARTICLES = frozenset({"the", "a", "an", "our", "their", "its"})
_EXPOSURES = ("regulated", "personal_data", "ip_claim", "injury", "authority", "contract_breach")


def judge(reading: DocumentReading) -> Verdict:
    """An exposure may stand in a quoted mail or a table row; that it was handled is told by the writer."""
    exposure = exposure_of(reading)
    if not exposure:
        return not_applicable(
            POINT, "No regulated goods, personal data, IP claim, injury, authority or contract deadline is touched."
        )
    handled = handling_of(reading)
    if handled is not None:
        return satisfied(POINT, handled, f"The obligation is named and handled: {snippet(handled)}.")
    return gap(
        POINT,
        exposure[0],
        f"{snippet(exposure[0])} touches a legal duty; no duty is named, and neither Legal nor Privacy was consulted.",
        0.84,
    )


def exposure_of(reading: DocumentReading) -> tuple[Sentence, ...]:
    """Sentences that touch a legal duty; the writer's before quoted ones."""
    return reading.once("exposure", _find_exposure)


def handling_of(reading: DocumentReading) -> Sentence | None:
    """The sentence in which the duty is named and dealt with."""
    return reading.once("handling", _find_handling)


def is_handled(reading: DocumentReading) -> bool:
    """The duty is named and dealt with somewhere."""
    return handling_of(reading) is not None


def _find_exposure(reading: DocumentReading) -> tuple[Sentence, ...]:
    found = [
        one
        for one in reading.sentences
        if any(one.facts.says(tag) for tag in _EXPOSURES) and reading.role(one) != "prevention"
    ]
    return tuple(sorted(found, key=lambda one: _weight(reading, one)))


def _weight(reading: DocumentReading, sentence: Sentence) -> tuple[int, bool, int]:
    """What a reviewer marks first: a demand from outside, then the writer's own account, then what is told of the inquiry."""
    facts = sentence.facts
    is_outside = facts.says("authority") or facts.says("contract_breach")
    is_demand = sentence.is_quoted and is_outside and (facts.has_any("asked", "law_strong") or bool(facts.dates))
    own_work = reading.role(sentence) in {"investigation", "cause", "documentation"}
    rank = 0 if is_demand else 3 if own_work else 2 if sentence.is_quoted else 1
    return rank, _only_addresses(sentence), sentence.place


def _only_addresses(sentence: Sentence) -> bool:
    """ "Before it goes to the rights owner": they are named as those for whom something is meant; what touches them stands elsewhere."""
    facts = sentence.facts
    marks = [one for tag in _EXPOSURES for one in facts.affirmed(tag)]
    passed = {at for one in marks for at in range(one.start, one.end)}
    words = facts.tokens.words
    for one in marks:
        at = one.start - 1
        while at >= 0 and (at in passed or words[at] in _ARTICLES):
            at -= 1
        # "For the authority" is an address, "an action for infringement" is none.
        if at < 0 or not (words[at] == "to" or (words[at] == "for" and words[at + 1] in _ARTICLES)):
            return False
    return True


def _names_law(sentence: Sentence) -> bool:
    """A law by name; "no notice is due under Article 33" names it too."""
    facts = sentence.facts
    return facts.says("law_strong") or (facts.has("law_strong") and bool(facts.clauses))


def _find_handling(reading: DocumentReading) -> Sentence | None:
    """The duty by its law, and close to it who was asked or what was filed, with a date."""
    for one in reading.narrative:
        if reading.role(one) == "prevention" or not _names_law(one):
            continue
        near = reading.around(one, _REACH, _REACH)
        asked = any(other.facts.says("legal_team", "handled") for other in near)
        filed = any(
            other.facts.says("filed") and other.facts.has("authority") and other.facts.has_specifics for other in near
        )
        if (asked or filed) and any(other.facts.dates for other in near):
            return one
    return None
