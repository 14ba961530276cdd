"""Point 4: policy, reasons, and the person who decided."""

import pytest

from tests.analysis.points.judged import GAP, NOT_APPLICABLE, SATISFIED, status, verdict


@pytest.mark.parametrize(
    "text",
    [
        "The offers break policy PR-4, section 2. Ines Carrow decided on 4 May to remove the 12 offers and not to suspend the account, because the other 300 offers are sound.",
        "Under clause 7.3 of the seller terms, Head of Trust Omar Beck closed the account on 9 June. A further limit was considered too little since two limits had failed.",
        "- Rule: Fair Reviews policy, article 5.\n- Action: 30-day suspension of the shop, approved by Lena Ortiz.\n- Why not closure: first violation, proportionate to 14 bought reviews.",
        "Category lead Ana Prior reinstated the account on 2 May. Policy LK-2 needs one person behind two accounts; a warning would have punished somebody who broke nothing.",
    ],
)
def test_policy_reasons_and_decider_satisfy(text: str):
    assert status(4, ("Decision", text)) is SATISFIED


def test_a_team_is_no_decision_owner():
    text = "The offers break policy PR-4, section 2. The Enforcement team suspended the account because two warnings had failed."
    found = verdict(4, ("Decision", text))
    assert found.status is GAP
    assert "the person who decided" in found.reason


def test_a_missing_policy_is_named():
    found = verdict(
        4, ("Decision", "Ines Carrow suspended the account on 4 May because the seller kept on after two warnings.")
    )
    assert found.status is GAP
    assert "policy" in found.reason


@pytest.mark.parametrize(
    "reason",
    [
        "The action was proportionate, balanced and fair.",
        "It felt like the right thing.",
        "It was the right call in my opinion.",
    ],
)
def test_a_claim_of_fairness_is_no_reason(reason: str):
    found = verdict(4, ("Decision", f"Policy PR-4, section 2. Ines Carrow suspended the account on 4 May. {reason}"))
    assert found.status is GAP
    assert "why this action" in found.reason


def test_an_account_that_was_blocked_and_unblocked_in_passing_is_a_gap():
    assert status(4, "The account was blocked on the 13th and then it was unblocked, I do not know why.") is GAP


@pytest.mark.parametrize(
    "text",
    [
        "Lane 3 was stopped and the old template came back.",
        "The desk removed the script from the sheet.",
        "No seller was suspended and no offer was removed.",
        "We removed the 90-day limit from the rule.",
    ],
)
def test_without_enforcement_nothing_applies(text: str):
    assert status(4, text) is NOT_APPLICABLE
