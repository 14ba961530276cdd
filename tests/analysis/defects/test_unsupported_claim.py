"""Conclusions that nothing carries."""

import pytest

from apps.analysis.rules.port import DefectKind
from tests.analysis.write_up import quotes, section

KIND = DefectKind.UNSUPPORTED_CLAIM


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Nordlicht Lamps is a bad actor.", "Nordlicht Lamps is a bad actor"),
        ("The certificate is valid.", "certificate is valid"),
        ("The papers looked genuine to the desk.", "looked genuine"),
        ("The conclusion is beyond doubt.", "The conclusion is beyond doubt"),
        ("The action was proportionate and fair.", "was proportionate and fair"),
        (
            "Sellers were kept informed, and the desk was in touch with them throughout.",
            "the desk was in touch with them throughout",
        ),
        ("We left no stone unturned.", "We left no stone unturned"),
    ],
)
def test_the_words_are_marked(text: str, words: str) -> None:
    assert quotes(KIND, section(text, heading="Summary")) == [words]


@pytest.mark.parametrize(
    "text",
    [
        "I have tried to be fair to everyone.",
        "The invoices looked fine at first, but the number is too short.",
        "Nordlicht Lamps is a bad actor. It forged a letter (exhibit EX-4) and sold on.",
        "The certificate is valid: the institute confirmed it by telephone.",
        "The action was proportionate because 60 of 61 offers were sound.",
        "The institute confirmed the number (M-318). So the certificate is valid.",
        "Is the certificate valid?",
        "She asked whether the certificate is valid.",
        "The certificate was sent on Monday.",
    ],
)
def test_what_only_looks_like_it_is_left_alone(text: str) -> None:
    assert quotes(KIND, section(text, heading="Summary")) == []


@pytest.mark.parametrize("kind", ["email", "log", "appendix"])
def test_quoted_material_is_never_criticised_for_it(kind: str) -> None:
    text = "Nordlicht Lamps is a bad actor."
    assert quotes(KIND, section(text, heading="Summary"))
    assert quotes(KIND, section(text, heading="Summary", kind=kind)) == []


def test_evidence_in_the_next_paragraph_does_not_carry_the_claim() -> None:
    assert quotes(KIND, section("Nordlicht is a bad actor.", "The page was edited 4 times (log EL-70)."))
    assert not quotes(KIND, section("Nordlicht is a bad actor. It edited the page 4 times (log EL-70)."))
