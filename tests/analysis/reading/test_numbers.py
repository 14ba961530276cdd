"""Money, percentages, durations and counts."""

import pytest

from apps.analysis.rules.reading.numbers import amounts_in, counts_in, durations_in, figures_in, percents_in
from apps.analysis.rules.reading.tokens import tokens_of


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("EUR 46,480", 46480), ("46.480 EUR", 46480), ("€46,480.50", 46480.5), ("57,180 euros", 57180), ("£300", 300), ("$ 1,5", 1.5), ("GBP 1 250 000", 1250000),
    ],
)  # fmt: skip
def test_an_amount_has_its_currency_and_value(text: str, value: float):
    (found,) = amounts_in(f"They paid {text} in all.")
    assert found.value == value


def test_a_number_without_currency_is_no_amount():
    assert amounts_in("They sold 46,480 pairs") == ()


def _counts(text: str) -> dict[str, float]:
    return {one.noun: one.value for one in counts_in(tokens_of(text), text)}


def test_a_count_goes_with_the_nouns_that_follow_it():
    assert _counts("It hit 1,098 buyers")["buyers"] == 1098
    assert _counts("nine honest textile sellers")["sellers"] == 9


@pytest.mark.parametrize(
    ("text", "noun"),
    [
        ("six days later the offers were gone", "offers"),
        ("on 4 March buyers paid", "buyers"),
        ("64 of the offers", "offers"),
        ("CI-07 buyers", "buyers"),
        ("at 10:30 buyers", "buyers"),
    ],
)
def test_a_number_does_not_count_what_stands_behind_another_word(text: str, noun: str):
    assert noun not in _counts(text)


def test_durations_are_counts_of_time():
    text = "for 52 days and three working weeks"
    assert [one.noun for one in durations_in(counts_in(tokens_of(text), text))] == ["days", "weeks"]


def test_percentages_and_plain_figures_are_told_apart_from_ids():
    assert [one.value for one in percents_in("7.5 per cent, 14% and 3 percent")] == [7.5, 14, 3]
    assert [one.text for one in figures_in("1,284 sets, run R-2204, 12:30, 60 of 60")] == ["1,284", "60", "60"]


def test_a_vague_number_is_not_precise():
    text = "hundreds of buyers, both sellers"
    assert not any(one.is_precise for one in counts_in(tokens_of(text), text))
