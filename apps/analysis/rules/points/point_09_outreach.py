"""Point 9: the party was contacted by a channel, on a date, with a question, and answered or did not."""

import re

from apps.analysis.rules.points.point_03_seller_classification import is_conduct_at_issue
from apps.analysis.rules.points.point_04_enforcement import enforcement_of
from apps.analysis.rules.points.verdict import gap, listed, missing, not_applicable, satisfied, snippet
from apps.analysis.rules.port import Verdict
from apps.analysis.rules.reading.document import DocumentReading, Sentence
from apps.analysis.rules.reading.vocabulary import Mark

POINT = 9
_PLACES = ("resolution", "investigation")
_NEAR_WORDS = 7
_IN_PLACE = 4
_OF_CONTACT = re.compile(
    r"contact|outreach|talk|hear|dialogue|correspond|seller|merchant|holder|part(?:y|ies)\b", re.IGNORECASE
)
_PRONOUNS = frozenset({"him", "her", "them", "he", "she", "they", "it"})


def judge(reading: DocumentReading) -> Verdict:
    """Satisfied where one contact has channel, date, question and answer (or its absence) together."""
    contacts = [one for one in reading.prose if reading.role(one) != "prevention" and _is_contact(reading, one)]
    if not contacts and not is_conduct_at_issue(reading) and not enforcement_of(reading):
        return not_applicable(POINT, "Nobody outside was contacted or needed to be.")
    best: tuple[int, Sentence, list[str]] | None = None
    for one in contacts:
        lacking = _lacking(reading, one)
        if not lacking:
            return satisfied(POINT, one, f"Channel, date, question and answer are given: {snippet(one)}.")
        rank = len(lacking) + _IN_PLACE * (reading.role(one) != "investigation")
        if best is None or rank > best[0]:
            best = (rank, one, lacking)
    if best is not None:
        return gap(POINT, best[1], f"{snippet(best[1])} does not tell {listed(best[2])}.", 0.83)
    return missing(
        POINT, reading, _PLACES, "A seller's conduct is at issue, and no contact with the seller is told.", 0.81
    )


def _is_contact(reading: DocumentReading, sentence: Sentence) -> bool:
    """A contact verb with the party next to it: "wrote to the seller"; below a heading of contacts "wrote to him" will do."""
    facts = sentence.facts
    is_below = bool(_OF_CONTACT.search(reading.headings[sentence.section]))
    if is_below and facts.has("channel") and "?" in sentence.text:
        return True
    parties = [mark.start for mark in facts.marks.get("outside_party", ()) if not _is_team_name(sentence, mark)]
    parties += (
        [0]
        if facts.tokens.words[:1] in {("they",), ("he",), ("she",)} and {"was", "were"} & set(facts.tokens.words[1:3])
        else []
    )
    if is_below:
        parties += [place for place, word in enumerate(facts.tokens.words) if word in _PRONOUNS]
    return any(abs(place - verb.start) <= _NEAR_WORDS for verb in facts.affirmed("contact") for place in parties)


def _is_team_name(sentence: Sentence, mark: Mark) -> bool:
    """ "Seller Accounts" and "Buyer Care" are our own."""
    starts, words = sentence.facts.tokens.starts, sentence.facts.tokens.words
    if (
        words[mark.start] in {"mr", "mrs", "ms"}
        or mark.end >= len(words)
        or not sentence.text[starts[mark.start]].isupper()
    ):
        return False
    is_together = starts[mark.end] - sentence.facts.tokens.ends[mark.start] == 1
    return is_together and sentence.text[starts[mark.end]].isupper()


def _lacking(reading: DocumentReading, contact: Sentence) -> list[str]:
    own = contact.facts
    near = [one for one in reading.around(contact, 0, 3) if not one.is_quoted]
    lacking = []
    if not own.has("channel"):
        lacking.append("the channel")
    if not (own.dates or any(one.facts.dates for one in near[:2])):
        lacking.append("the date")
    if not any(one.facts.has("asked") or "?" in one.text for one in near[:2]):
        lacking.append("what was asked")
    if not any(_is_answer(one) for one in (near[1:] if len(near) > 1 else near)) and not own.has("answered"):
        lacking.append("the answer")
    return lacking


def _is_answer(sentence: Sentence) -> bool:
    return sentence.facts.has("answered")
