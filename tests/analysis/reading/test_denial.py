"""How far a negation reaches."""

import pytest

from apps.analysis.rules.reading.denial import is_denied
from apps.analysis.rules.reading.tokens import tokens_of


def _denied(text: str, word: str) -> bool:
    tokens = tokens_of(text)
    at = tokens.words.index(word)
    return is_denied(tokens, at, at + 1)


@pytest.mark.parametrize(
    "text",
    [
        "It was not checked",
        "nobody checked it",
        "no second reader checked it",
        "It was never really checked",
        "without being checked",
        "they didn't have it checked",
    ],
)
def test_a_negation_before_the_word_denies_it(text: str):
    assert _denied(text, "checked")


@pytest.mark.parametrize("text", ["the owner is not named", "an owner was never given", "owner missing"])
def test_a_negation_after_the_word_denies_it(text: str):
    assert _denied(text, "owner")


@pytest.mark.parametrize(
    "text",
    [
        "It was checked, not read",
        "not only checked but read",
        "No, she checked it",
        "he did not come but she checked it",
        "it is no longer open and far away since it was checked",
    ],
)
def test_a_negation_of_something_else_does_not(text: str):
    assert not _denied(text, "checked")
