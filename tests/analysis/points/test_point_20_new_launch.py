"""Point 20: scope, readiness, way back."""

import pytest

from tests.analysis.points.judged import GAP, NOT_APPLICABLE, SATISFIED, status, verdict


@pytest.mark.parametrize(
    "text",
    [
        "The button is a pilot for 4 per cent of buyers in one country. Before the start it was tested in 50 households. A switch in the admin page gets rid of it within ten minutes.",
        "The new rule went live on 3 May, limited to two categories. The readiness checklist was signed on 1 May. Rollback: release 1 comes back within 30 minutes.",
        "Scope of the new feed: one country and 900 sellers. A shadow comparison ran for 14 days before. The old feed stays warm, and the desk can switch back.",
        "We introduced the chatbot in one market only. A dry run with 500 chats passed on 2 May. If it errs, the duty lead turns it off and the form is the fallback.",
    ],
)
def test_scope_readiness_and_way_back_satisfy(text: str):
    assert status(20, ("Background", text)) is SATISFIED


@pytest.mark.parametrize(
    ("text", "lacking"),
    [
        ("The new gate was launched for all sellers on 1 April.", "a check of readiness and a way back"),
        ("The new form went live for every country on 2 June.", "a way back"),
        ("The pilot covers one category only; a dry run passed on 2 May.", "a way back"),
        ("The new tool was rolled out to one team. It can be switched off within a minute.", "a check of readiness"),
    ],
)
def test_any_one_missing_is_a_gap_that_names_it(text: str, lacking: str):
    found = verdict(20, ("Background", text))
    assert found.status is GAP
    assert lacking in found.reason


def test_the_launch_may_stand_in_a_row_of_the_timeline_only():
    assert (
        status(
            20,
            (
                "Timeline",
                "Date | Event\n1 May 2025 | New supplements policy goes live in all countries overnight\n4 May 2025 | First complaint",
            ),
        )
        is GAP
    )


@pytest.mark.parametrize(
    "text",
    [
        "The shop opened in November and sold cables.",
        "Procedure CI-07, version 4.3, is in force from 22 April.",
        "The listing went live on 3 May.",
        "The seller launched nothing new.",
    ],
)
def test_without_a_launch_nothing_applies(text: str):
    assert status(20, text) is NOT_APPLICABLE
