"""Events and errors told as causes."""

import pytest

from apps.analysis.rules.port import DefectKind
from tests.analysis.write_up import quotes, section

KIND = DefectKind.SYMPTOM_AS_CAUSE


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The root cause is that the seller lied.", "The root cause is that the seller lied."),
        ("The delay came from a late truck.", "The delay came from a late truck."),
        ("The cause was human error.", "The cause was human error."),
    ],
)
def test_the_words_are_marked(text: str, words: str) -> None:
    assert quotes(KIND, section(text, heading="Root Cause")) == [words]


@pytest.mark.parametrize(
    "text",
    [
        "The root cause is understood. The control that failed is the weight check: it does not compare lanes.",
        "The delay came from a late truck. Check W-2 does not compare the lanes, so nobody saw it.",
        "What is the root cause?",
    ],
)
def test_what_only_looks_like_it_is_left_alone(text: str) -> None:
    assert quotes(KIND, section(text, heading="Root Cause")) == []


@pytest.mark.parametrize("kind", ["email", "log", "appendix"])
def test_quoted_material_is_never_criticised_for_it(kind: str) -> None:
    text = "The root cause is that the seller lied."
    assert quotes(KIND, section(text, heading="Root Cause"))
    assert quotes(KIND, section(text, heading="Root Cause", kind=kind)) == []


def test_human_error_is_no_cause_even_beside_a_control() -> None:
    text = "The root cause is that the packer did not read the rule. The check never looks at the label."
    assert quotes(KIND, section(text, heading="Cause")) == ["The root cause is that the packer did not read the rule."]


def test_a_cause_told_outside_its_section_counts_when_it_is_called_the_root_cause() -> None:
    assert quotes(KIND, section("The delay came from a late truck.", heading="Timeline")) == []
    assert quotes(KIND, section("The root cause was a late truck.", heading="Timeline"))
