"""Dates and times in the ways in which people write them."""

from datetime import date

import pytest

from apps.analysis.rules.reading.dates import dates_in, times_in


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("on 2025-03-04 it began", date(2025, 3, 4)),
        ("on 4 March 2025 it began", date(2025, 3, 4)),
        ("on March 4th, 2025 it began", date(2025, 3, 4)),
        ("on the 4th of March it began", date(2025, 3, 4)),
        ("3 Sept 09:45", date(2025, 9, 3)),
        ("on 04.03.2025 it began", date(2025, 3, 4)),
        ("09/05 22:41 sign-in OK", date(2025, 5, 9)),
        ("12/25/2025 as Americans write", date(2025, 12, 25)),
        ("24 FEB", date(2025, 2, 24)),
    ],
)
def test_a_date_is_read_in_any_of_these_forms(text: str, day: date):
    (found,) = dates_in(text)
    assert found.on(2025) == day
    assert found.is_full


def test_a_month_alone_is_no_full_date():
    (found,) = dates_in("due in April 2025")
    assert not found.is_full
    assert found.on(2025) is None


@pytest.mark.parametrize(
    "text", ["45 of 60", "version 4.2", "14 per cent", "the 41 points", "ratio 3/40", "30 February"]
)
def test_other_figures_are_no_dates(text: str):
    assert [one for one in dates_in(text) if one.on(2025)] == []


def test_a_range_gives_both_of_its_ends_where_both_are_written_out():
    assert [(one.month, one.day) for one in dates_in("from 14 July to 2 September 2025")] == [(7, 14), (9, 2)]


def test_places_are_exact():
    text = "It began on 4 March 2025, at 09:45."
    (found,) = dates_in(text)
    assert text[found.start : found.end] == "4 March 2025"
    ((start, end),) = times_in(text)
    assert text[start:end] == "09:45"


def test_a_time_is_no_ratio_or_longer_number():
    assert times_in("ratio 25:99, id 1:2:3:4") == ()
    assert len(times_in("9 am and 17:05:09")) == 2
