"""Actions as points and defects read them: in tables, lists, sentences and behind keys."""

import pytest

from apps.analysis.rules.reading.actions import Action, actions_in
from tests.analysis.reading.reading_of import document


def actions(heading: str, text: str) -> list[Action]:
    return list(actions_in(document((heading, text))))


def test_a_row_gives_its_owner_date_and_check():
    (one,) = actions(
        "Actions", "Action | Owner | Due | Check\nLock the form | Jo Hart | 12 June 2026 | Two clicks on 15 June"
    )
    assert (one.quote.text, one.owner, one.date, one.check) == (
        "Lock the form",
        "Jo Hart",
        "12 June 2026",
        "Two clicks on 15 June",
    )


def test_the_rows_of_a_timeline_are_none_though_they_name_who_and_when():
    assert actions("Timeline", "When | What | Who\n3 May | Offers removed | Events desk") == []


def test_an_item_is_one_action_with_all_its_sentences():
    found = actions(
        "Next steps", "- Jo Hart locks the form. Due 12 June 2026.\n- Two clicks in the plan. Kit Moor, date follows."
    )
    assert [(one.owner, bool(one.date)) for one in found] == [("Jo Hart", True), ("Kit Moor", False)]


def test_keys_behind_what_is_to_be_done_belong_to_it():
    (one,) = actions("Next steps", "M1 Lock the form. Responsible: Jo Hart. Due: 12 June 2026.")
    assert (one.owner, bool(one.date)) == ("Jo Hart", True)


@pytest.mark.parametrize(
    "text",
    [
        "We will consider this a success if nobody writes.",
        "My take-away: a button is a control.",
        "It should not happen again.",
        "Fourteen agents took the course on 3 May.",
    ],
)
def test_hopes_lessons_and_what_is_past_are_none(text: str):
    assert actions("Next steps", f"- Jo Hart locks the form by 12 June 2026.\n- {text}")[1:] == []


def test_a_dated_check_stands_beside_the_actions():
    found = actions(
        "Next steps",
        "Jo Hart will lock the form by 12 June 2026. On 15 June Quality repeats the test; it must be refused.",
    )
    assert [one.owner for one in found] == ["Jo Hart"]
