"""Point 18: metric, baseline, target, period."""

import pytest

from tests.analysis.points.judged import GAP, SATISFIED, status, verdict


@pytest.mark.parametrize(
    "text",
    [
        "Measure: model mismatch among sampled files. Baseline 3 of 40 (7.5 per cent) on 15 September; target below 1 per cent on 14 November.",
        "Complaints for each 10,000 orders stood at 4.1 in April 2025. The target is 1.5 by 31 July 2025.",
        "The number to watch was 48 in March, and we want 6 or less by the end of June 2025.",
        "Number of wrong notes: 412 in May. Goal is 0 for each month until August 2025.",
        "KPI | Baseline | Target | Measured\nReopened cases | 12 % | 4 % target | 1 October 2025",
        "We aim to bring late refunds from 9 % in May down to 3 % by 1 September.",
    ],
)
def test_baseline_target_and_period_together_satisfy(text: str):
    assert status(18, ("Success", text)) is SATISFIED


@pytest.mark.parametrize(
    "text",
    [
        "We will know that it worked when fewer counterfeits get through.",
        "Success metrics: gate accuracy, seller satisfaction, category trust. The team will track all three.",
        "The desk expects fewer disputes as a result.",
        "We hope that the prices stay normal.",
        "The target is below 2 per cent.",
        "We closed the account.",
    ],
)
def test_a_hope_or_half_a_metric_is_a_gap(text: str):
    assert status(18, ("Success measure", text)) is GAP


def test_a_target_without_baseline_says_so():
    found = verdict(18, ("Success", "The target is 2 per cent by 4 May 2025."))
    assert found.status is GAP
    assert "a baseline" in found.reason


def test_a_check_of_one_action_is_no_metric():
    assert (
        status(
            18,
            (
                "Actions",
                "Action | Owner | Due | Check\nLock all sheets | Ines Carrow | 23 May 2025 | Test T-4 again on 26 May, 0 of 20 wrong",
            ),
        )
        is GAP
    )
