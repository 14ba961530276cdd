"""Point 3: the class of actor and what it rests on."""

import pytest

from tests.analysis.points.judged import GAP, NOT_APPLICABLE, SATISFIED, status, verdict

CASE = ("Decision", "Mara Quill suspended the seller account on 3 May 2025.")


@pytest.mark.parametrize(
    "text",
    [
        "Bad actor. Intent: the shop hid the brand name in the photographs (exhibit 4). History: two warnings, 3 May 2024 and 9 June 2024. Response: silent for 14 days.",
        "We class the seller as a confused actor: 6 years of trading with 1 complaint in 9,400 orders, and it corrected the titles within 2 days of our notice.",
        "The merchant acted in good faith. It has sold lamps since 2019 without a violation. Asked on 4 June, it sent all invoices the same day.",
        "This is a dishonest seller: on 2 July it told 3 buyers to leave five stars for a voucher (messages 4-17), and after the warning of 9 July it went on.",
    ],
)
def test_a_class_with_intent_history_or_response_satisfies(text: str):
    assert status(3, CASE, ("Seller", text)) is SATISFIED


@pytest.mark.parametrize(
    "text",
    [
        "The seller is a bad actor.",
        "Bad actor, as any experienced person can see.",
        "I think they are one of the good ones, they were always nice.",
        "The seller is a confused seller. We limited this account before, and it came back each time.",
    ],
)
def test_a_bare_class_is_a_gap(text: str):
    found = verdict(3, CASE, ("Seller", text))
    assert found.status is GAP
    assert found.quote is not None
    assert found.quote.section == 1


def test_conduct_without_any_class_is_a_gap():
    assert status(3, CASE, ("Background", "The seller sold 40 forged tickets.")) is GAP


@pytest.mark.parametrize(
    "text",
    [
        "Lane 3 read the wrong label on 3,212 parcels on 22 September 2025.",
        "A new script wrote over 412 notes of the desk. No seller saw them.",
        "The gate let sellers in without documents. The sellers did what the form asked, and this review does not concern their conduct.",
    ],
)
def test_where_no_sellers_conduct_is_at_issue_nothing_applies(text: str):
    assert status(3, text) is NOT_APPLICABLE
