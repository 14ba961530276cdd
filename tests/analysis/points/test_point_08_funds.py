"""Point 8: amounts with the reason for hold, release or refund."""

import pytest

from tests.analysis.points.judged import GAP, NOT_APPLICABLE, SATISFIED, status


@pytest.mark.parametrize(
    "text",
    [
        "Payments (Iker Lanthorn) held EUR 19,402 on 3 September to cover refunds.",
        "On 4 May Finance released GBP 2,300, since the return window had closed.",
        "Omar Beck froze the payout of $8,120 on 2 June pending the laboratory result.",
        "Each of the 61 buyers got the fee back because the promise was broken: 61 times EUR 4.90 makes EUR 298.90, credited on 23 September.",
        "Out of 57,180 euros, Treasury set aside 31,500 on 2 April because the issuers can still claim that for 45 days.",
    ],
)
def test_amount_and_reason_together_satisfy(text: str):
    assert status(8, ("Money", text)) is SATISFIED


@pytest.mark.parametrize(
    "text",
    [
        "The money was held for a bit and then let go.",
        "Refunds went out and the balance was dealt with in the usual way.",
        "Payments placed a hold on part of the proceeds and lifted it afterwards.",
        "Refunds are under way and the balance is frozen.",
        "The seller mentions lost sales.",
    ],
)
def test_money_without_amount_or_reason_is_a_gap(text: str):
    assert status(8, ("Money", text)) is GAP


def test_an_amount_of_impact_alone_does_not_account_for_the_refund():
    text = (
        ("Summary", "Buyers paid EUR 46,480 for goods that were not there."),
        ("Decision", "The refunds come out of the proceeds."),
    )
    assert status(8, *text) is GAP


@pytest.mark.parametrize("text", ["The notes of 412 cases were overwritten.", "No money moved and no refund was due."])
def test_without_money_nothing_applies(text: str):
    assert status(8, text) is NOT_APPLICABLE
