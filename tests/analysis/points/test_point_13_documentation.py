"""Point 13: sources, dates, no blanks, no two figures for one fact."""

import pytest

from tests.analysis.points.judged import GAP, SATISFIED, status, verdict

SOURCED = "On 3 May Ines read the export (EX-5). On 4 May she pulled query Q-77 and wrote ticket CI-25-0448. The case was closed on 9 May (entry 22)."


def test_sourced_and_dated_facts_satisfy():
    assert status(13, ("Timeline", SOURCED)) is SATISFIED


@pytest.mark.parametrize(
    "blank",
    [
        "TBD",
        "TBC",
        "XX June 2025",
        "[name]",
        "[insert date]",
        "<date>",
        "To be confirmed",
        "____",
        "???",
        "{{case_id}}",
        "ticket [number]",
        "date follows",
    ],
)
def test_a_blank_is_a_gap_at_its_words(blank: str):
    found = verdict(13, ("Timeline", f"{SOURCED} Closed by {blank}."))
    assert found.status is GAP
    assert found.quote is not None
    assert found.quote.text in f"{SOURCED} Closed by {blank}."


@pytest.mark.parametrize(
    "text", ["The part xx-large was sold.", 'The mail said "[name] is wrong".', "Figures [1] and [2] show it."]
)
def test_other_brackets_are_no_blank(text: str):
    assert status(13, ("Timeline", f"{SOURCED} {text}")) is SATISFIED


def test_two_figures_with_turned_digits_are_a_gap():
    found = verdict(
        13, ("Summary", f"The shop sold 1,284 bead sets. {SOURCED}"), ("Impact", "In all 1,248 sets reached buyers.")
    )
    assert found.status is GAP
    assert found.quote is not None
    assert found.quote.text == "1,248 sets"


def test_two_dates_for_one_event_are_a_gap():
    found = verdict(
        13,
        ("Timeline", f"Date | Event\n4 May 2025 | First complaint\n{SOURCED}"),
        ("Summary", "The first complaint reached us on 6 May 2025."),
    )
    assert found.status is GAP
    notice = verdict(
        13,
        ("Decision", f"The prices stayed after the automatic notice of 11 March. {SOURCED}"),
        ("Records", "The system sent the automatic notice to the seller on 9 March."),
    )
    assert notice.status is GAP


def test_two_events_of_one_kind_do_not_contradict():
    text = "Date | Event\n30 May 2025 | First appeal\n3 June 2025 | First appeal refused\n16 June 2025 | Second appeal"
    assert status(13, ("Timeline", f"{text}\n{SOURCED}")) is SATISFIED


def test_a_doubt_that_is_left_open_is_a_gap():
    assert (
        status(13, ("Timeline", f"{SOURCED} The letter says 28 April and I could not find out which date is right."))
        is GAP
    )


def test_facts_without_any_source_are_a_gap():
    found = verdict(13, ("Timeline", "The account was opened. Then it was closed. On 3 May it came back."))
    assert found.status is GAP
    assert found.quote is not None
    assert found.quote.text == ""
