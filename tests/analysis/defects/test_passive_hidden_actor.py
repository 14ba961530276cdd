"""Deeds without the one who did them."""

import pytest

from apps.analysis.rules.port import DefectKind
from tests.analysis.write_up import quotes, section

KIND = DefectKind.PASSIVE_HIDDEN_ACTOR


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The account was blocked on 13 May.", "The account was blocked"),
        ("It was decided to wait.", "It was decided"),
        ("Afterwards the offers were removed again.", "the offers were removed"),
        ("They were written to about the delay.", "They were written to"),
        ("The balance is frozen.", "The balance is frozen"),
        ("The role was taken away from him.", "The role was taken away"),
    ],
)
def test_the_words_are_marked(text: str, words: str) -> None:
    assert quotes(KIND, section(text, heading="Summary")) == [words]


@pytest.mark.parametrize(
    "text",
    [
        "Requests of secondary users are granted without a call.",
        "The third appeal should have been granted.",
        "The account was blocked by Payments on 13 May.",
        "Mara Quill blocked the account on 13 May.",
        "The filter is switched off automatically at night.",
        "If the account was blocked, the buyer sees a notice.",
        "The parcel was damaged in the van.",
        "The file that was removed had no owner.",
        "Was the account blocked?",
    ],
)
def test_what_only_looks_like_it_is_left_alone(text: str) -> None:
    assert quotes(KIND, section(text, heading="Summary")) == []


@pytest.mark.parametrize("kind", ["email", "log", "appendix"])
def test_quoted_material_is_never_criticised_for_it(kind: str) -> None:
    text = "The account was blocked on 13 May."
    assert quotes(KIND, section(text, heading="Summary"))
    assert quotes(KIND, section(text, heading="Summary", kind=kind)) == []
