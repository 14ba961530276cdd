"""The forms of verbs that the word lists name once."""

import pytest

from apps.analysis.rules.reading.inflection import forms_of
from apps.analysis.rules.reading.vocabulary import Vocabulary


@pytest.mark.parametrize(
    ("verb", "forms"),
    [
        ("ask", {"ask", "asks", "asked", "asking"}),
        ("close", {"close", "closes", "closed", "closing"}),
        ("verify", {"verify", "verifies", "verified", "verifying"}),
        ("stop", {"stop", "stops", "stopped", "stopping"}),
        ("pass", {"pass", "passes", "passed", "passing"}),
        ("write", {"write", "writes", "writing", "wrote", "written"}),
        ("have", {"have", "haves", "has", "had", "having"}),
        ("refer", {"refer", "refers", "referred", "referring"}),
        ("wait", {"wait", "waits", "waited", "waiting"}),
    ],
)
def test_a_verb_has_its_forms(verb: str, forms: set[str]) -> None:
    assert forms_of(verb) == forms


def test_a_phrase_finds_every_form_of_its_verb_also_over_a_gap() -> None:
    known = Vocabulary()
    known.add("again", "read~ .. again")
    assert known.marks(["she", "reads", "both", "files", "again"])
    assert known.marks(["they", "read", "it", "again"])
    assert not known.marks(["they", "read", "one", "two", "three", "four", "five", "again"])
