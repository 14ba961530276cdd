"""Point 1: who, how many, and for how long or at what cost."""

import pytest

from tests.analysis.points.judged import GAP, SATISFIED, status, verdict


@pytest.mark.parametrize(
    "text",
    [
        "Between 2 and 9 June 2025 the shop took payment from 311 customers for tents that it never had. They paid EUR 40,120.",
        "For three weeks 45 families got a cot without its screws.",
        "In plain words: 83 people were out of pocket by GBP 24,900 on Tuesday morning.",
        "The wrong tax flag hit 6,318 sellers on 24 February 2025 and was gone on 27 February.",
        "From Monday on, twelve agents worked for 3 days with wrong macros; 640 tickets were closed with the wrong answer.",
        "On 5 May 1.204 Käufer-Konten, in English 1,204 accounts, were locked for 19 hours.",
    ],
)
def test_numbers_of_those_affected_with_a_period_or_a_sum_satisfy(text: str):
    assert status(1, ("Summary", text)) is SATISFIED


@pytest.mark.parametrize(
    "text",
    [
        "The impact was assessed and found to be significant.",
        "Many customers were affected over a considerable time, and trust suffered.",
        "Several buyers complained. The damage to the brand is high.",
        "The business impact of the case is rated HIGH.",
        "Quite a few sellers could not work for a while.",
    ],
)
def test_adjectives_are_a_gap_and_are_marked(text: str):
    found = verdict(1, ("Impact", text))
    assert found.status is GAP
    assert found.quote is not None
    assert found.quote.text in text


def test_a_write_up_without_any_word_of_impact_is_a_gap_in_its_summary():
    found = verdict(1, ("Background", "The seller sells lamps."), ("Executive Summary", "We closed the account."))
    assert found.status is GAP
    assert found.quote is not None
    assert found.quote.section == 1


def test_sums_that_were_held_do_not_answer_who_was_affected():
    text = "Some customers were unhappy. Payments held EUR 19,402 from 3 September to 9 October to cover refunds."
    assert status(1, ("Summary", text)) is GAP


def test_those_who_investigate_are_not_those_affected():
    parts = (
        ("Summary", "Buyers were harmed badly."),
        ("Investigation", "Two analysts spoke with 12 buyers for 3 days."),
        ("Lessons", "On 4 May 40 reviewers took the training."),
    )
    assert status(1, *parts) is GAP


def test_a_count_without_period_or_sum_is_only_half_of_it():
    found = verdict(1, ("Summary", "The listing misled 40 customers."))
    assert found.status is GAP
    assert "neither the period nor the amount" in found.reason


def test_the_count_may_stand_in_a_table():
    assert (
        status(
            1,
            (
                "Overview",
                "Item | Value\nBuyers affected | 61 buyers got it late\nStart / end | 2 May 2025 / 3 May 2025",
            ),
        )
        is SATISFIED
    )


def test_impact_may_stand_late_in_a_long_text_without_headings():
    text = "\n".join(
        ["I opened the case and looked around for a bit."] * 12
        + ["In the end 1,422 buyers were charged twice between 10 and 31 March."]
    )
    assert status(1, text) is SATISFIED
