"""Actions and announcements without a date."""

import pytest

from apps.analysis.rules.port import DefectKind
from tests.analysis.write_up import quotes, section, table

KIND = DefectKind.MISSING_DATE


@pytest.mark.parametrize(
    "text",
    [
        "Improve training for the late shift",
        "Mara Quill sends the seller an apology.",
        "Go through the older brands, soon.",
        "Extensions should get more attention.",
    ],
)
def test_an_action_without_it_is_marked(text: str) -> None:
    assert quotes(KIND, section(text, heading="Next steps", lines_are="list_item"))


@pytest.mark.parametrize(
    "text",
    [
        "Improve the training by 4 July 2025",
        "Mara Quill sends an apology within 3 days.",
        "The form will change by the end of June.",
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


def test_an_announcement_of_later_is_marked_wherever_it_stands() -> None:
    assert quotes(KIND, section("More papers will follow later.", heading="Records")) == ["later"]
    assert quotes(KIND, section("Later edits were excluded.", heading="Records")) == []


def test_in_a_table_the_cell_that_is_no_date_is_marked() -> None:
    rows = ("Action | Owner | Due", "Fix the gate | Mara Quill | In due course", "Test it | Mara Quill | 9 July 2025")
    assert quotes(KIND, table(*rows, heading="Actions")) == ["In due course"]
