"""Actions and handoffs that nobody answers for."""

import pytest

from apps.analysis.rules.port import DefectKind
from tests.analysis.write_up import quotes, section, table

KIND = DefectKind.MISSING_OWNER


@pytest.mark.parametrize(
    "text",
    [
        "Improve training for the late shift",
        "Extensions should get more attention.",
        "The team will strengthen the checks by 4 July.",
        "More vigilance",
    ],
)
def test_an_action_without_it_is_marked(text: str) -> None:
    assert quotes(KIND, section(text, heading="Next steps", lines_are="list_item"))


@pytest.mark.parametrize(
    "text",
    [
        "Mara Quill improves the training by 4 July.",
        "I will rewrite the macro by 4 July.",
        "Jonas Ferber talks to the owners of the form.",
    ],
)
def test_an_action_with_it_is_not(text: str) -> None:
    assert quotes(KIND, section(text, heading="Next steps", lines_are="list_item")) == []


@pytest.mark.parametrize(
    "text",
    [
        "The desk expects fewer disputes.",
        "She agrees with the closure.",
        "Fourteen people took the course.",
        "We learned that a queue can stall.",
        "Reviewers were trained in May.",
        "Is this enough?",
        "Thank you for reading.",
    ],
)
def test_what_is_no_action_needs_none(text: str) -> None:
    assert quotes(KIND, section(text, heading="Next steps", lines_are="list_item")) == []


def test_actions_are_looked_for_where_a_document_looks_ahead() -> None:
    text = "Improve the training of the late shift"
    assert quotes(KIND, section(text, heading="Preventative Actions"))
    assert quotes(KIND, section(text, heading="Actions taken")) == []
    assert quotes(KIND, section(text, heading="Preventative Actions", kind="email")) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("I passed it to the other team and heard nothing.", "passed it to the other team and heard nothing"),
        ("In May nobody held the thread for longer than a day.", "nobody held the thread for longer than a day"),
        ("The account team then took over the file.", "The account team then took over the file"),
        ("Somebody should look at the queue.", "Somebody should look at the queue"),
    ],
)
def test_a_handoff_to_nobody_is_marked_wherever_it_stands(text: str, words: str) -> None:
    assert quotes(KIND, section(text, heading="What we did")) == [words]


def test_a_handoff_to_a_person_is_not() -> None:
    assert (
        quotes(KIND, section("I passed it to the other team, where Mara Quill took it.", heading="What we did")) == []
    )


def test_in_a_table_the_vague_owner_is_marked_and_the_named_one_is_not() -> None:
    rows = ("Action | Owner | Due", "Fix the gate | The team | 4 July 2025", "Test the gate | Mara Quill | 9 July 2025")
    assert quotes(KIND, table(*rows, heading="Actions")) == ["The team"]
