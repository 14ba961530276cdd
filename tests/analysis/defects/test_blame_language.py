"""Judgement where facts belong."""

import pytest

from apps.analysis.rules.port import DefectKind
from tests.analysis.write_up import quotes, section

KIND = DefectKind.BLAME_LANGUAGE


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("This scoundrel sold the same box twice.", "This scoundrel"),
        ("The seller was so careless with his keys.", "so careless with his keys"),
        ("The shop lost its badge, as it deserved.", "as it deserved"),
        ("A gang of crooks bought the cards.", "A gang of crooks"),
        ("The late shift should have known better.", "should have known better"),
        ("The agent could not be bothered to call.", "could not be bothered"),
    ],
)
def test_the_words_are_marked(text: str, words: str) -> None:
    assert quotes(KIND, section(text, heading="Summary")) == [words]


@pytest.mark.parametrize(
    "text",
    [
        "The stitching was crooked and the label was missing.",
        "The seller was careful with the keys.",
        'The buyer wrote: "you are liars and crooks".',
        "The criminal court has the file.",
        "The device was idle for an hour.",
        "The seller deserves an answer within five days.",
    ],
)
def test_what_only_looks_like_it_is_left_alone(text: str) -> None:
    assert quotes(KIND, section(text, heading="Summary")) == []


@pytest.mark.parametrize("kind", ["email", "log", "appendix"])
def test_quoted_material_is_never_criticised_for_it(kind: str) -> None:
    text = "This scoundrel sold the same box twice."
    assert quotes(KIND, section(text, heading="Summary"))
    assert quotes(KIND, section(text, heading="Summary", kind=kind)) == []
