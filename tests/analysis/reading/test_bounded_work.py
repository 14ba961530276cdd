"""Hostile text: nothing that rules compare in pairs may grow with the document."""

import pytest

from apps.analysis.rules.points.table import RULES
from apps.analysis.rules.port import SectionText
from apps.analysis.rules.reading.document import DocumentReading, read_document

SIZE = 200_000
UNITS = [
    "1",
    "a",
    "a ",
    "[",
    "([{",
    '"',
    "A",
    "Ab ",
    "1,",
    "a-",
    "4 March ",
    "AB-1-",
    " | ",
    "1 ",
    "EUR 1 ",
    "section 1 ",
    "procedure CI-07 ",
    "appeal again ",
]


def _read(unit: str) -> DocumentReading:
    return read_document([SectionText(0, "Summary", "narrative", (unit * (SIZE // len(unit) + 1))[:SIZE])])


@pytest.mark.parametrize("unit", UNITS)
def test_no_sentence_holds_more_than_a_bounded_number_of_things(unit: str):
    reading = _read(unit)
    facts = [one.facts for one in reading.sentences]
    assert max(len(one.text) for one in reading.sentences) <= 1_200
    assert max(len(one.dates) + len(one.references) + len(one.figures) + len(one.counts) for one in facts) <= 4_000
    assert sum(len(one.tokens.words) for one in facts) <= SIZE


@pytest.mark.parametrize("unit", ["a ", "1 ", "EUR 1 ", "appeal again "])
def test_every_point_is_judged_of_such_a_text(unit: str):
    reading = _read(unit)
    assert {judge(reading).point for judge in RULES.values()} == set(range(1, 21))


def test_a_long_sentence_is_cut_between_words_and_loses_none():
    text = "word " * 1_000 + "end"
    reading = read_document([SectionText(0, "", "narrative", text)])
    assert " ".join(one.text for one in reading.sentences).split() == text.split()
    assert all(text[one.start : one.end] == one.text for one in reading.sentences)
