"""Harm without a figure."""

import pytest

from apps.analysis.rules.port import DefectKind
from tests.analysis.write_up import quotes, section

KIND = DefectKind.UNQUANTIFIED_IMPACT


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The impact on customers was significant.", "impact on customers was significant"),
        ("Trust in the category was hit very hard.", "Trust in the category was hit very hard"),
        ("Losses were kept to a minimum.", "Losses were kept to a minimum"),
        ("The seller mentions lost sales.", "lost sales"),
        ("Buyers waited a long time.", "Buyers waited a long time"),
        ("There was considerable damage to the brand.", "considerable damage to the brand"),
    ],
)
def test_the_words_are_marked(text: str, words: str) -> None:
    assert quotes(KIND, section(text, heading="Summary")) == [words]


@pytest.mark.parametrize(
    "text",
    [
        "The impact was significant: 412 buyers lost EUR 9,000.",
        "The change had no significant impact on buyers.",
        "This could cause significant harm if it is repeated.",
        "Two families were harmed.",
        "The damage report is filed.",
        "Was the impact significant?",
    ],
)
def test_what_only_looks_like_it_is_left_alone(text: str) -> None:
    assert quotes(KIND, section(text, heading="Summary")) == []


@pytest.mark.parametrize("kind", ["email", "log", "appendix"])
def test_quoted_material_is_never_criticised_for_it(kind: str) -> None:
    text = "The impact on customers was significant."
    assert quotes(KIND, section(text, heading="Summary"))
    assert quotes(KIND, section(text, heading="Summary", kind=kind)) == []
