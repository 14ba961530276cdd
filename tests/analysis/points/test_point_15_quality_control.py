"""Point 15: an independent check with its result; never a self-review."""

import pytest

from tests.analysis.points.judged import GAP, SATISFIED, status, verdict


@pytest.mark.parametrize(
    "text",
    [
        "Nadia Brock, who had no part in the case, repeated the order count on 8 April and agrees on all points.",
        "Cornelis Abbot from Internal Audit recounted the edits on 22 April: the same four.",
        "Lysander Quaife, another reviewer of the desk, did not know the result. He read the papers on 19 June and wrote the same decision.",
        "An independent reader (Perpetua Sand, Quality Audit) sampled 30 of the 412 notes. 30 of 30 are right.",
        "Second pair of eyes: Olu Bankole re-ran the query without seeing mine and found three orders fewer, which does not change the finding.",
    ],
)
def test_an_independent_check_with_its_result_satisfies(text: str):
    assert status(15, ("Quality control", text)) is SATISFIED


@pytest.mark.parametrize(
    "text",
    [
        "The quality of this review was ensured by the team itself, which read it carefully before release.",
        "I checked my own work twice and found no error.",
        "I re-read the first two answers on 10 November.",
        "No second reader looked at the case.",
        "There is nothing left to check.",
        "The procedure asks two people to count without seeing each other's count. Ingram counted once.",
    ],
)
def test_self_review_or_none_is_a_gap(text: str):
    assert status(15, ("Quality control", text)) is GAP


def test_a_future_audit_of_the_actions_is_no_check_of_the_finding():
    text = "Action | Owner | Due | Check\nRemove the rule | Ilse Varga | 30 May 2025 | 50 pages read by Internal Audit on 6 June"
    assert status(15, ("Prevention", text)) is GAP


def test_a_planned_second_reader_is_not_yet_one():
    assert (
        status(15, ("Quality control", "An independent reviewer, Nadia Brock, will read the case next month.")) is GAP
    )


def test_without_words_of_its_own_the_gap_names_a_place():
    found = verdict(15, ("Summary", "We closed the account."), ("Investigation", "I read the log."))
    assert found.quote is not None
    assert (found.quote.section, found.quote.text) == (1, "")
