"""Point 11: down to a control that failed, with evidence."""

import pytest

from tests.analysis.points.judged import GAP, SATISFIED, status, verdict


@pytest.mark.parametrize(
    "text",
    [
        "Why did 40 fakes go live? The gate let them in. Why? Rule BG-14 skips accounts older than 90 days. A replay of the March log (run R-2) shows that it skipped all 40.",
        "The parcels were late because the routing table had no entry for the new depot. Nobody saw it since the alarm tests only known depots. Of 60 depots drawn at random, 4 lack an entry (sheet DS-1).",
        "The control that failed is the weekly duplicate check: it compares titles letter by letter. Therefore a changed accent was enough. Query Q-4 finds 212 more pages with the same hole.",
        "Refunds were paid twice, because the job ran again after a time-out and the ledger check does not look at the order number. We reproduced it on 4 May (test T-9).",
    ],
)
def test_a_chain_to_a_failed_control_with_evidence_satisfies(text: str):
    assert status(11, ("Root cause", text)) is SATISFIED


@pytest.mark.parametrize(
    "text",
    [
        "The root cause is that the account was hacked.",
        "The root cause was human error.",
        "Root cause: the seller uploaded numbers that belong to no parcel.",
        "The root cause is the seller's decision to swap the product. We found no weakness in our process, our training or our tools.",
        "Why? Because the seller is greedy. Why? Human nature.",
        "The reviewer did not read the rule with care, which is the root cause.",
        "Why did sellers get in? Because the gate let them in. Why? Because of an oversight.",
        "The cause is being looked into.",
    ],
)
def test_a_symptom_a_person_or_the_event_again_is_a_gap(text: str):
    found = verdict(11, ("Root Cause Analysis", text))
    assert found.status is GAP
    assert found.quote is not None
    assert found.quote.section == 0


def test_a_control_without_evidence_is_only_a_claim():
    found = verdict(
        11, ("Cause", "The parcels were late because the rule has no limit. That is because nobody set one.")
    )
    assert found.status is GAP
    assert "evidence" in found.reason


def test_no_word_of_a_cause_is_a_gap():
    assert status(11, ("Summary", "We closed the account.")) is GAP


def test_the_cause_may_be_told_without_any_heading():
    text = "Why were there orders that nobody remembers? Because children pressed the button. Why could they? The purchase code is tested on the basket page and the button skips that page. I matched 1,771 orders (query CB-88)."
    assert status(11, ("", f"OK so here is the story.\n{text}\nThat is all.")) is SATISFIED
