"""Figures: amounts of money, percentages, durations, and how many of what."""

import re
from dataclasses import dataclass

from apps.analysis.rules.reading.tokens import Tokens
from apps.analysis.rules.reading.vocabulary import word_set

_DIGITS = r"\d{1,15}(?:[.,\u202f\u00a0' ]\d{3}){0,5}(?:[.,]\d{1,4})?"
_CODES = "EUR|USD|GBP|CHF|SEK|NOK|DKK|PLN|CZK|HUF|RON|JPY|CNY|INR|CAD|AUD|NZD|BRL|MXN|TRY|ZAR|SGD|HKD|AED|KRW"
_NAMES = "euros?|dollars?|pounds?|francs?|kronor|crowns|zloty|yen|rupees"
_AMOUNT = re.compile(
    rf"(?<!\w)(?:(?:{_CODES})\s?{_DIGITS}|[€$£¥]\s?{_DIGITS}|{_DIGITS}\s?(?:{_CODES})\b|{_DIGITS}\s?[€$£¥]"
    rf"|{_DIGITS}\s(?:{_NAMES})\b)"
    r"(?:\s(?:thousand|million|k|m)\b)?",
    re.IGNORECASE,
)
_PERCENT = re.compile(r"(?<![\w.,])\d{1,6}(?:[.,]\d{1,4})?\s?(?:%|per\s?cent\b|percent\b)", re.IGNORECASE)
_FIGURE = re.compile(rf"(?<![\w.,:/-]){_DIGITS}(?![\w:/-]|[.,]\d)")
_UNITS = word_set("unit_of_time")
_NUMBER_WORDS = {
    word: value
    for value, word in enumerate(
        (
            "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
            "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
        )
    )
} | {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
    "hundred": 100, "hundreds": 100, "thousand": 1000, "dozen": 12, "both": 2, "single": 1, "a": 1, "an": 1,
}  # fmt: skip
_VAGUE_NUMBERS = frozenset({"a", "an", "hundreds", "single", "both", "zero"})
_REACH = 4
_ENDS_COUNT = word_set("ends_count")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number at text[start:end], as the writer has it and as a value."""

    start: int
    end: int
    text: str
    value: float


@dataclass(frozen=True, slots=True)
class Count:
    """So many of something: the number and the noun that it counts, at words[start:end]."""

    start: int
    end: int
    value: float
    noun: str
    is_precise: bool


def amounts_in(text: str) -> tuple[Figure, ...]:
    """Sums of money with their currency."""
    return tuple(Figure(*match.span(), match.group(), _value(match.group())) for match in _AMOUNT.finditer(text))


def percents_in(text: str) -> tuple[Figure, ...]:
    """Percentages."""
    return tuple(Figure(*match.span(), match.group(), _value(match.group())) for match in _PERCENT.finditer(text))


def figures_in(text: str) -> tuple[Figure, ...]:
    """Bare numbers; not the digits of an identifier, a time or a date with slashes."""
    return tuple(Figure(*match.span(), match.group(), _value(match.group())) for match in _FIGURE.finditer(text))


def number_word(word: str) -> float | None:
    """The value of a number that is written out; None for other words and for "a"."""
    value = None if word in {"a", "an"} else _NUMBER_WORDS.get(word)
    return None if value is None else float(value)


def counts_in(tokens: Tokens, text: str) -> tuple[Count, ...]:
    """Numbers with the words that follow them in the same clause; a rule picks those whose noun it asks for."""
    found: list[Count] = []
    for index, word in enumerate(tokens.words):
        value, is_precise = _number(word, index, tokens, text)
        if value is None or (index and tokens.words[index - 1] in {"each", "every", "per"}):
            continue
        for after in range(index + 1, min(index + 1 + _REACH, len(tokens.words))):
            noun = tokens.words[after]
            gap = text[tokens.ends[after - 1] : tokens.starts[after]]
            if noun in _NUMBER_WORDS or noun in _ENDS_COUNT or noun[0].isdigit() or gap.strip(" \u00a0'"):
                break
            found.append(Count(index, after + 1, value, noun, is_precise))
            if noun in _UNITS:
                break
    return tuple(found)


def durations_in(counts: tuple[Count, ...]) -> tuple[Count, ...]:
    """Counts of minutes, hours, days, weeks, months or years."""
    return tuple(one for one in counts if one.noun in _UNITS and one.end - one.start <= 3)


def _number(word: str, index: int, tokens: Tokens, text: str) -> tuple[float | None, bool]:
    if word[0].isdigit() and word.replace(",", "").replace(".", "").isdigit():
        start = tokens.starts[index]
        is_part = start > 0 and text[start - 1] in "-/:#_"
        return (None, False) if is_part else (_value(word[:24]), True)
    value = _NUMBER_WORDS.get(word)
    return (None, False) if value is None or word in {"a", "an"} else (float(value), word not in _VAGUE_NUMBERS)


def _value(text: str) -> float:
    digits = re.sub(r"[^\d.,]", "", text).strip(".,")
    whole, separator, rest = _split(digits)
    number = re.sub(r"\D", "", whole)
    return float(f"{number or 0}.{rest}") if separator else float(number or 0)


def _split(digits: str) -> tuple[str, str, str]:
    """Cut off decimals: the last separator, unless exactly three digits follow it."""
    place = max(digits.rfind("."), digits.rfind(","))
    if place < 0 or len(digits) - place - 1 == 3:
        return digits, "", ""
    return digits[:place], digits[place], digits[place + 1 :]
