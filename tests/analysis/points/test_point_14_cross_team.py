"""Point 14: teams with their contribution, handoffs with an owner."""

import pytest

from tests.analysis.points.judged import GAP, NOT_APPLICABLE, SATISFIED, status, verdict

TEAMS = (
    "Payments (Iker Lanthorn) held the balance on 3 May. Account Security (Noor Halla) checked the sign-ins on 4 May."
)


def test_teams_with_what_each_did_satisfy():
    assert status(14, ("Handling", TEAMS)) is SATISFIED
    assert (
        status(
            14,
            (
                "Teams",
                "- Logistics: stopped the 40 parcels.\n- Legal (Osric Devlin): confirmed the duty on 3 May.\n- Finance: approved the refunds.",
            ),
        )
        is SATISFIED
    )


@pytest.mark.parametrize(
    "text",
    [
        "After this I gave the case to the next department for the rest.",
        "I passed it to the other team and have not heard back.",
        "The stuff was forwarded to the relevant team.",
        "It was handed over internally.",
    ],
)
def test_a_handoff_that_nobody_took_is_a_gap_at_its_words(text: str):
    found = verdict(14, ("Handling", f"{TEAMS} {text}"))
    assert found.status is GAP
    assert found.quote is not None
    assert found.quote.text == text


def test_a_legal_duty_without_legal_is_a_gap():
    assert status(14, ("Handling", f"{TEAMS} The brand complained that the bags infringe its trademark.")) is GAP


@pytest.mark.parametrize(
    "text",
    [
        "The Delivery desk handled the case alone from the first alarm to its end.",
        "Lysander Quaife, another reviewer of the desk, read the papers and wrote the same decision.",
    ],
)
def test_one_desk_alone_does_not_apply(text: str):
    assert status(14, text) is NOT_APPLICABLE
