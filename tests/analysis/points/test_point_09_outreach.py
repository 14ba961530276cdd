"""Point 9: channel, date, question and answer."""

import pytest

from tests.analysis.points.judged import GAP, NOT_APPLICABLE, SATISFIED, status, verdict


@pytest.mark.parametrize(
    "text",
    [
        "Marta wrote to the seller in the seller console on 28 March (message 70-1182) and asked for invoices. It answered on 31 March with one invoice.",
        "I messaged the owner on 13 May through the console and asked who else has a login. He replied the next day that his nephew has one.",
        "On 4 June we telephoned the supplier and asked whether it had billed the shop; it stated that it had not.",
        "An e-mail of 2 May asked the merchant for its licence. No reply came within 10 days.",
    ],
)
def test_a_whole_contact_satisfies(text: str):
    assert status(9, ("Contact", text)) is SATISFIED


@pytest.mark.parametrize(
    "text",
    [
        "The seller was contacted and was extremely defensive.",
        "They were written to about it, I think by Support.",
        "The team reached out to the sellers and explained the situation in an empathetic manner.",
        "The desk messaged the seller about the case, and the seller was not convincing.",
        "Seller Support was in touch with the merchants throughout.",
        "We called the seller on 4 May.",
    ],
)
def test_a_contact_without_its_content_is_a_gap(text: str):
    found = verdict(9, ("Contact", text))
    assert found.status is GAP
    assert found.quote is not None
    assert found.quote.text == text


def test_enforcement_without_any_contact_is_a_gap():
    assert status(9, ("Decision", "Omar Beck suspended the account on 3 May 2025.")) is GAP


@pytest.mark.parametrize(
    "text", ["The script wrote over 412 notes.", "No seller saw the flag, and nobody had to be told."]
)
def test_where_nobody_outside_is_touched_nothing_applies(text: str):
    assert status(9, text) is NOT_APPLICABLE
