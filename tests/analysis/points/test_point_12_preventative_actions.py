"""Point 12: owner and date for each action, and a check of the effect."""

import pytest

from tests.analysis.points.judged import GAP, SATISFIED, status, verdict

TABLE = "Action | Owner | Due | Check\nCompare the model | Corentin Ashgrove | 31 October 2025 | 40 files drawn on 14 November\nName the rule | {owner} | {due} | Read on 5 December"


def test_a_table_with_owner_date_and_check_satisfies():
    assert status(12, ("Prevention", TABLE.format(owner="Hanneke Adeyemi", due="7 October 2025"))) is SATISFIED


@pytest.mark.parametrize("owner", ["", "The team", "All", "Management", "TBD", "to be confirmed", "-", "N/A"])
def test_one_action_without_an_owner_is_a_gap_at_that_action(owner: str):
    found = verdict(12, ("Prevention", TABLE.format(owner=owner, due="7 October 2025")))
    assert found.status is GAP
    assert found.quote is not None
    assert found.quote.text == "Name the rule"
    assert found.reason == "Nobody is named as owner of “Name the rule”."


@pytest.mark.parametrize(
    "due", ["", "Ongoing", "In due course", "Second quarter", "ASAP", "date follows", "soon", "TBC"]
)
def test_one_action_without_a_date_is_a_gap_at_that_action(due: str):
    found = verdict(12, ("Prevention", TABLE.format(owner="Hanneke Adeyemi", due=due)))
    assert found.status is GAP
    assert found.reason == "“Name the rule” has no date."


def test_list_items_need_owner_and_date_too():
    good = "- Thaddeus Moor reads 50 parcels on 21 July 2025.\n- Calliope Renn compares both readings with May on 5 September 2025 and decides."
    assert status(12, ("Follow-up", good)) is SATISFIED
    assert status(12, ("Follow-up", good + "\n- Similar sellers get a closer look.")) is GAP
    assert status(12, ("Follow-up", good + "\n- Calliope Renn talks to the owners of the form.")) is GAP


@pytest.mark.parametrize(
    "text",
    [
        "Stay vigilant.",
        "- Improve training.\n- Raise awareness.",
        "The team will strengthen the monitoring of supplements.",
        "Somebody should keep an eye on it.",
    ],
)
def test_vague_wishes_are_a_gap(text: str):
    assert status(12, ("Preventative actions", text)) is GAP


def test_actions_in_sentences_are_read_too():
    good = "Ilse Varga will remove the exemption from the rule by 24 April 2025. Teodor Lind will add an alert by 9 May 2025; Quality samples 50 alerts on 6 June."
    assert status(12, ("Next steps", good)) is SATISFIED
    assert (
        status(12, ("Next steps", good.replace("by 9 May 2025", "in the spring").replace("on 6 June", "later"))) is GAP
    )


def test_owners_and_dates_without_a_check_of_the_effect_are_a_gap():
    text = "Action | Owner | Due\nRemove the exemption | Ilse Varga | 24 April 2025\nAdd an alert | Teodor Lind | 9 May 2025"
    found = verdict(12, ("Actions", text))
    assert found.status is GAP
    assert "effect" in found.reason


def test_no_action_at_all_is_a_gap():
    assert status(12, ("Summary", "We closed the account.")) is GAP
