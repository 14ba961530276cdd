"""Point 2: procedure, evidence, other explanations, deviations with their reason."""

import pytest

from tests.analysis.points.judged import GAP, SATISFIED, status, verdict

GOOD = (
    "Ines Carrow followed standard operating procedure LA-3, Listing Abuse, version 2. "
    "She read the offer history (OH-113), the seller's uploads (export UP-9) and 30 photographs. "
    "A faulty feed could also explain the titles; she ruled it out because the feed log FL-2 is empty."
)


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        "The case was worked under SOP 14, section 3. The reviewer pulled query Q-77 and the mail log ML-4. We considered whether a courier strike was the reason; the carrier's feed CF-2 excludes it.",
        "I used the Payments playbook, edition 4. Evidence: ledger export L-26 and ticket T-901. Could a bank error explain it? No, the bank file BF-3 has every entry.",
        "According to procedure RV-2 a reviewer reads 20 orders. I read 60, because the first 20 had one buyer. Sources: extract EX-5, thread 9-1180.",
    ],
)
def test_procedure_evidence_and_a_weighed_explanation_satisfy(text: str):
    assert status(2, ("Investigation", text)) is SATISFIED


@pytest.mark.parametrize(
    "text",
    [
        "The investigation was thorough and in line with the applicable SOPs.",
        "I had a look at the account and had a feel for it.",
        "All relevant data was reviewed and all stakeholders were interviewed in a structured way.",
        "There is an SOP for this somewhere, but nobody opened it. We saw immediately what was wrong.",
    ],
)
def test_no_method_or_generic_words_are_a_gap(text: str):
    assert status(2, ("Investigation", text)) is GAP


def test_a_procedure_without_evidence_or_alternatives_is_a_gap_that_says_so():
    found = verdict(2, ("Method", "The team conducted the review in line with standard operating procedure CG-1."))
    assert found.status is GAP
    assert "evidence" in found.reason
    assert "explanation" in found.reason


def test_a_deviation_without_reason_is_a_gap_at_its_words():
    text = GOOD + " LA-3 asks two people to count five pages each. Ines counted two pages."
    found = verdict(2, ("Investigation", text))
    assert found.status is GAP
    assert found.quote is not None
    assert found.quote.text == "Ines counted two pages."


def test_the_same_deviation_with_its_reason_is_none():
    text = (
        GOOD
        + " LA-3 asks two people to count five pages each. Ines counted two pages, because the other three were already gone."
    )
    assert status(2, ("Investigation", text)) is SATISFIED


def test_a_procedure_that_is_only_changed_afterwards_is_not_the_method():
    assert status(2, ("Next steps", "We will add the check to SOP LA-3, version 3, under section 2.")) is GAP
