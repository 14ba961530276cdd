"""Blanks that were never filled in."""

import pytest

from apps.analysis.rules.port import DefectKind
from tests.analysis.write_up import quotes, section

KIND = DefectKind.PLACEHOLDER


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The case was closed on XX June 2025.", "XX June 2025"),
        ("The invoice is in ticket [number].", "ticket [number]"),
        ("The training is booked (ticket TBC).", "(ticket TBC)"),
        ("The account is <insert account name>.", "<insert account name>"),
        ("Decided by ____ on Monday.", "____"),
        ("Closure: to be confirmed", "to be confirmed"),
        ("Case number to follow", "Case number to follow"),
        ("The owner is {{ owner_name }}.", "{{ owner_name }}"),
    ],
)
def test_the_words_are_marked(text: str, words: str) -> None:
    assert quotes(KIND, section(text, heading="Summary")) == [words]


@pytest.mark.parametrize(
    "text",
    [
        "As shown in the log [1] and [2], it stopped.",
        "She wrote that it are [sic] broken.",
        "The size is XXL.",
        "The witness [name withheld] agreed.",
        "Quality was confirmed by the issuer.",
    ],
)
def test_what_only_looks_like_it_is_left_alone(text: str) -> None:
    assert quotes(KIND, section(text, heading="Summary")) == []


@pytest.mark.parametrize("kind", ["email", "log", "appendix"])
def test_quoted_material_is_never_criticised_for_it(kind: str) -> None:
    text = "The case was closed on XX June 2025."
    assert quotes(KIND, section(text, heading="Summary"))
    assert quotes(KIND, section(text, heading="Summary", kind=kind)) == []
