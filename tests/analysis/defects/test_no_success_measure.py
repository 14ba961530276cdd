"""Hopes where a target belongs."""

import pytest

from apps.analysis.rules.port import DefectKind
from tests.analysis.write_up import quotes, section

KIND = DefectKind.NO_SUCCESS_MEASURE


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("We expect fewer disputes as a result.", "We expect fewer disputes as a result."),
        ("Success is when the queue stays quiet.", "Success is when the queue stays quiet."),
        ("Everybody will notice that pages are safer.", "Everybody will notice that pages are safer."),
        ("The desk is satisfied with the result.", "The desk is satisfied with the result."),
        ("The effect of the change will be monitored.", "The effect of the change will be monitored."),
    ],
)
def test_the_words_are_marked(text: str, words: str) -> None:
    assert quotes(KIND, section(text, heading="What comes next")) == [words]


@pytest.mark.parametrize(
    "text",
    [
        "We expect fewer than 3 disputes a week by June.",
        "Measure: disputes for each lane. Baseline 11 in May, target 4 in July.",
        "Will we see fewer disputes?",
        "The desk reads the result on Monday.",
    ],
)
def test_what_only_looks_like_it_is_left_alone(text: str) -> None:
    assert quotes(KIND, section(text, heading="What comes next")) == []


@pytest.mark.parametrize("kind", ["email", "log", "appendix"])
def test_quoted_material_is_never_criticised_for_it(kind: str) -> None:
    text = "We expect fewer disputes as a result."
    assert quotes(KIND, section(text, heading="What comes next"))
    assert quotes(KIND, section(text, heading="What comes next", kind=kind)) == []
