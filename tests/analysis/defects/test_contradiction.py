"""Two figures or two dates for one fact."""

import pytest

from apps.analysis.rules.port import DefectKind, SectionText
from tests.analysis.write_up import marks, quotes, section, table

KIND = DefectKind.CONTRADICTION


def pair(one: str, other: str) -> tuple[SectionText, SectionText]:
    return section(one, heading="Summary"), section(other, heading="Impact")


def test_swapped_digits_for_the_same_things_are_marked_and_the_other_place_is_named() -> None:
    found = marks(KIND, *pair("The shop sold 1,284 lamp sets.", "In all 1,248 sets reached households."))
    assert [mark.quote.text for mark in found] == ["1,248 sets"]
    assert found[0].other is not None
    assert found[0].other.section == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The shop sold 1,284 sets.", "The laboratory tested 214 sets."),
        ("The shop sold 1,284 sets.", "It paid 1,248 euros."),
        ("The shop sold 1,284 sets.", "The rival sold 4,281 sets."),
        ("In 2018 the shop sold lamps.", "In 2081 units it found rust."),
        ("She read 412 notes and not 421 notes.", "All notes are right."),
    ],
)
def test_other_figures_are_none(one: str, other: str) -> None:
    assert quotes(KIND, *pair(one, other)) == []


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        (
            "The pilot of the new gate started on 3 March.",
            "The gate pilot started on 13 March.",
            "The gate pilot started on 13 March.",
        ),
        (
            "The first complaint came on 4 May.",
            "The first complaint reached us on 6 May.",
            "The first complaint reached us on 6 May.",
        ),
        (
            "We revoked the approvals of the gate on 14 April.",
            "Approvals of the gate were revoked on 12 April.",
            "Approvals of the gate were revoked on 12 April.",
        ),
    ],
)
def test_two_days_for_what_happens_once_are_marked(one: str, other: str, words: str) -> None:
    assert quotes(KIND, *pair(one, other)) == [words]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The pilot of the new gate started on 3 March.", "The gate pilot started on 3 March."),
        ("The first appeal was refused on 3 March.", "The second appeal was refused on 13 March."),
        ("The pilot of the gate started on 3 March.", "The audit of the invoices started on 13 March."),
        ("Payments refunded the buyers on 3 March.", "Payments refunded the sellers on 9 March."),
    ],
)
def test_two_days_for_two_facts_are_none(one: str, other: str) -> None:
    assert quotes(KIND, *pair(one, other)) == []


def test_a_timeline_row_can_contradict_the_text() -> None:
    rows = table("Date | Event", "12 April 2025 | Gate team revokes approvals", heading="Timeline")
    text = section("The gate team revoked the approvals on 14 April 2025.", heading="Decision")
    assert quotes(KIND, text, rows) == ["12 April 2025"]


def test_a_quoted_mail_may_say_what_it_likes() -> None:
    mail = section("The gate pilot started on 13 March.", heading="Mail", kind="email")
    assert quotes(KIND, section("The pilot of the new gate started on 3 March."), mail) == []
