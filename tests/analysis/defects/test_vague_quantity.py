"""Figures that are told in words like "several"."""

import pytest

from apps.analysis.rules.port import DefectKind
from tests.analysis.write_up import quotes, section

KIND = DefectKind.VAGUE_QUANTITY


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Several buyers complained about the colour.", "Several buyers"),
        ("A large number of parcels went to the wrong hub.", "A large number of parcels"),
        ("The seller appealed repeatedly in spring.", "appealed repeatedly"),
        ("We kept part of the proceeds back.", "part of the proceeds"),
        ("The vendor promised the report soon.", "soon"),
        ("The duration of the outage was considerable.", "The duration of the outage was considerable"),
        ("Hardly any addresses were complete.", "Hardly any addresses"),
        ("After some discussion we reopened the shop.", "After some discussion"),
    ],
)
def test_the_words_are_marked(text: str, words: str) -> None:
    assert quotes(KIND, section(text, heading="Summary")) == [words]


@pytest.mark.parametrize(
    "text",
    [
        "The list asks for a number of parcels.",
        "Some 200 accounts were opened that week.",
        "We asked how many parcels were lost.",
        "Most recent entries come first.",
        "If the filter raises too many alarms, it is paused.",
        "Exactly 14 buyers complained.",
        "As many as 31 parcels were lost.",
        'The buyer wrote "many people are angry".',
    ],
)
def test_what_only_looks_like_it_is_left_alone(text: str) -> None:
    assert quotes(KIND, section(text, heading="Summary")) == []


@pytest.mark.parametrize("kind", ["email", "log", "appendix"])
def test_quoted_material_is_never_criticised_for_it(kind: str) -> None:
    text = "Several buyers complained about the colour."
    assert quotes(KIND, section(text, heading="Summary"))
    assert quotes(KIND, section(text, heading="Summary", kind=kind)) == []


def test_amount_and_time_in_one_sentence_are_two_marks_and_two_amounts_are_one() -> None:
    text = "A handful of buyers sent photographs, and a little later some of them sent better ones."
    assert quotes(KIND, section(text)) == ["A handful of buyers", "a little later"]
    assert quotes(KIND, section("Many buyers and many sellers wrote.")) == ["Many buyers"]
