"""Point 16: weakness, lesson, change."""

import pytest

from tests.analysis.points.judged import GAP, NOT_APPLICABLE, SATISFIED, status, verdict

CAUSE = ("Root cause", "The control that failed is the duplicate check: it does not compare accents.")


@pytest.mark.parametrize(
    "text",
    [
        "Lesson: age says little about trust. CI-07 version 4.3, in force from 22 April, tells investigators to check prices first.",
        "What we learned: a lock has a reason. The handbook has a new page since 20 March, and 11 reviewers discussed it in the training of 21 March.",
        "We now know that a quiet test proves nothing. Omar Beck rewrote the checklist on 4 May (version 3).",
        "Takeaway: dry runs need odd parcels. Eighteen shift leads practise the new list on 2 October.",
    ],
)
def test_a_lesson_with_a_change_satisfies(text: str):
    assert status(16, CAUSE, ("Lessons", text)) is SATISFIED


@pytest.mark.parametrize(
    "text", ["Maybe the macro could be looked at.", "Lesson: we must be careful.", "Training is important to us."]
)
def test_a_weakness_without_lesson_or_change_is_a_gap(text: str):
    assert status(16, CAUSE, ("Next steps", text)) is GAP


def test_a_training_weakness_that_is_dismissed_is_a_gap_at_its_words():
    words = "Reviewers did not know how to read a certificate, which made no difference."
    found = verdict(16, ("Cause", words))
    assert found.status is GAP
    assert found.quote is not None
    assert found.quote.text == words


def test_a_weakness_may_show_in_a_quoted_mail():
    assert (
        status(
            16, ("Case", "We removed the offers."), ("Mail", "I have never seen one of these certificates.", "email")
        )
        is GAP
    )


@pytest.mark.parametrize(
    "text",
    [
        "The review found no weakness in procedure, training or tools.",
        "We found no gap in our process; the alarm fired as set, and everything worked as designed.",
    ],
)
def test_where_the_text_says_that_nothing_is_weak_the_point_does_not_apply(text: str):
    assert status(16, ("Cause", text)) is NOT_APPLICABLE
