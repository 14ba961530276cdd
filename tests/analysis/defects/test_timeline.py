"""Order and gaps of timelines."""

import pytest

from apps.analysis.rules.port import DefectKind, SectionText
from tests.analysis.write_up import marks, quotes, section, table

ORDER, GAP = DefectKind.TIMELINE_ORDER, DefectKind.TIMELINE_GAP


def timeline(*rows: str) -> SectionText:
    return table("Date | Event", *rows, heading="Timeline")


def test_an_entry_below_a_later_one_is_marked_with_the_other_named() -> None:
    found = marks(ORDER, timeline("3 May 2025 | Sale stops", "9 May 2025 | Refund", "5 May 2025 | Complaint"))
    assert [mark.quote.text for mark in found] == ["5 May 2025"]
    assert "9 May 2025" in found[0].reason


def test_the_clock_decides_on_one_day_and_the_date_may_stand_in_the_second_column() -> None:
    rows = ("What | When", "Alarm | 3 June, about 02:00", "Stop | 3 June, 01:40", "Report | 3 June, 09:00")
    assert quotes(ORDER, table(*rows, heading="Times")) == ["3 June, 01:40"]


@pytest.mark.parametrize(
    "rows",
    [
        ("3 May | Sale", "4 May | Stop", "5 May | Refund"),
        ("5 May | Refund", "4 May | Stop", "3 May | Sale"),
        ("30 December | Sale", "31 December | Stop", "2 January | Refund"),
        ("3 May | Sale", "3 May 10:00 | Stop", "3 May | Refund"),
    ],
)
def test_a_timeline_in_order_newest_first_or_over_new_year_is_right(rows: tuple[str, ...]) -> None:
    assert quotes(ORDER, timeline(*rows)) == []


def test_a_gap_after_an_alarm_is_marked_once_and_the_others_are_counted() -> None:
    found = marks(GAP, timeline("4 May | First complaint", "12 May | Offers removed", "30 May | Lots approved"))
    assert [mark.quote.text for mark in found] == ["4 May | First complaint"]
    assert "8 days" in found[0].reason
    assert "One more gap" in found[0].reason


@pytest.mark.parametrize(
    "rows",
    [
        ("4 May | Launch", "12 May | First sale", "13 May | Second sale"),
        ("4 May | First complaint (ticket T-1)", "12 May | Offers removed", "13 May | Closed"),
        ("4 May | First complaint", "5 May | Offers removed", "6 May | Closed"),
        ("4 May | First complaint, waiting for the laboratory", "12 May | Report", "13 May | Closed"),
    ],
)
def test_a_gap_before_any_alarm_or_with_a_source_or_a_reason_is_none(rows: tuple[str, ...]) -> None:
    assert quotes(GAP, timeline(*rows)) == []


def test_a_pasted_log_is_not_criticised() -> None:
    lines = ("12 May | complaint", "4 May | sign-in", "30 May | blocked")
    assert quotes(ORDER, timeline(*lines))
    pasted = section("Date | Event", *lines, heading="Log", kind="log", lines_are="table_row")
    assert quotes(ORDER, pasted) == quotes(GAP, pasted) == []
