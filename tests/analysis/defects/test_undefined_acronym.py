"""Abbreviations that nobody wrote out."""

import pytest

from apps.analysis.rules.port import DefectKind
from tests.analysis.write_up import quotes, section

KIND = DefectKind.UNDEFINED_ACRONYM


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The QZV desk looked at the case.", "QZV"),
        ("We sent it to three DPOs in the north.", "DPO"),
        ("The KYB check had passed.", "KYB"),
        ("The QZV (Mara Quill) agreed.", "QZV"),
        ("QZV: share of errors each week.", "QZV"),
    ],
)
def test_the_words_are_marked(text: str, words: str) -> None:
    assert quotes(KIND, section(text, heading="Summary")) == [words]


@pytest.mark.parametrize(
    "text",
    [
        "QZV: quick zone verification, step one.",
        "The Quick Zone Verification (QZV) desk looked at it. The QZV desk agreed.",
        "QZV means quick zone verification here.",
        "The price was 40 EUR at 10:00 UTC.",
        "The case is in ticket PL-61 and in CB 88.",
        "THE SELLER DID NOT ANSWER US",
        "We did NOT open the parcel, we were not allowed to.",
        "Act II of the play was not recorded.",
        "QZV (the quick verification of zones) agreed.",
    ],
)
def test_what_only_looks_like_it_is_left_alone(text: str) -> None:
    assert quotes(KIND, section(text, heading="Summary")) == []


@pytest.mark.parametrize("kind", ["email", "log", "appendix"])
def test_quoted_material_is_never_criticised_for_it(kind: str) -> None:
    text = "The QZV desk looked at the case."
    assert quotes(KIND, section(text, heading="Summary"))
    assert quotes(KIND, section(text, heading="Summary", kind=kind)) == []


def test_only_the_first_use_is_marked() -> None:
    assert quotes(KIND, section("The QZV desk met.", "The QZV desk met again.")) == ["QZV"]
