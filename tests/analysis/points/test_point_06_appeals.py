"""Point 6: repeated appeals are counted and compared, and the earlier decisions are read again."""

import pytest

from tests.analysis.points.judged import GAP, NOT_APPLICABLE, SATISFIED, status


@pytest.mark.parametrize(
    "text",
    [
        "The seller appealed three times: on 2 May with a letter, on 9 May with an invoice, on 20 May with a contract. Ines re-read the first two refusals on 21 May; both were right on their papers.",
        "Two appeals came in. The first (3 June) had no new paper, the second (9 June) a licence. Looking back, the first refusal should have asked for the licence.",
        "- Appeal 1, 4 May: apology.\n- Appeal 2, 11 May: supplier contract.\n- Retrospective of 12 May: the first decision was correct on what it had.",
        "This is the second reinstatement. In 2024 the account came back on a promise. Omar reviewed the earlier decision on 3 July and found that it was premature.",
    ],
)
def test_a_count_with_a_look_back_satisfies(text: str):
    assert status(6, ("Appeals", text)) is SATISFIED


@pytest.mark.parametrize(
    "text",
    [
        "He appealed a couple of times, and in the end it went through.",
        "This is not the first reinstatement of this seller.",
        "The account has been warned for this before and was allowed to go on.",
        "The third appeal of 4 May brought an invoice and was granted.",
        "The seller was suspended twice before, in 2023 and 2024, and reinstated both times.",
    ],
)
def test_repeats_without_a_look_back_are_a_gap(text: str):
    assert status(6, ("Background", text)) is GAP


def test_a_repeat_may_be_told_in_a_quoted_mail_only():
    mail = ("Mail", "You have suspended us before for the same thing and reinstated us twice.", "email")
    assert status(6, ("Case", "The offers were removed."), mail) is GAP


@pytest.mark.parametrize(
    "text",
    [
        "The seller appealed once, on 4 May.",
        "No appeal was made.",
        "The Appeals desk built a helper for its reviewers.",
    ],
)
def test_one_appeal_or_none_does_not_apply(text: str):
    assert status(6, text) is NOT_APPLICABLE
