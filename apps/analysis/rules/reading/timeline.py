"""The entries of a timeline, each with the moment at which its line begins."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from apps.analysis.rules.reading.document import DocumentReading, Sentence

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TIME = r"(?P<time>(?:[T, ]|,? (?:at|about|around|ca\.?) ?|, about ){0,2}(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?::\d{2})?)?"
_LEAD = r"^\W{0,3}(?:(?:on|at|from|by) )?(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,? |(?:mon|tue|wed|thu|fri|sat|sun),? )?"
_NAME = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?"
_FORMS = tuple(
    re.compile(_LEAD + form + _TIME, re.IGNORECASE)
    for form in (
        r"(?P<year>\d{4})-(?P<number>\d{2})-(?P<day>\d{2})",
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)? {_NAME}(?:,? (?P<year>\d{{4}}))?",
        rf"{_NAME} (?P<day>\d{{1,2}})(?!\d)(?:st|nd|rd|th)?(?:,? (?P<year>\d{{4}}))?",
        r"(?P<day>\d{1,2})[./](?P<number>\d{1,2})[./](?P<year>\d{4})",
    )
)
_CLOCK = re.compile(
    r"^\W{0,3}(?:(?:at|about|around|ca\.?) )?(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?= ?(?:h\b|[|:,–—-]))",
    re.IGNORECASE,
)
_UNKNOWN_YEAR = 2000
_FEWEST_ENTRIES = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a timeline. An unknown year counts as one and the same; a day without time begins at midnight."""

    sentence: Sentence
    at: datetime
    has_time: bool
    span: tuple[int, int]
    """The words of its date."""

    @property
    def words(self) -> str:
        """The date as it is written."""
        return self.sentence.text[slice(*self.span)]


def timelines(reading: DocumentReading) -> Iterator[list[Entry]]:
    """Runs of at least three dated lines in one section, in the order of the text."""
    by_section: dict[int, list[Entry]] = {}
    for sentence in reading.narrative:
        is_line = sentence.line_kind in {"table_row", "list_item"} or reading.roles.get(sentence.section) == "timeline"
        entry = entry_of(sentence) if is_line else None
        if entry:
            by_section.setdefault(sentence.section, []).append(entry)
    for entries in by_section.values():
        if len(entries) >= _FEWEST_ENTRIES:
            yield _over_new_year(entries)


def entry_of(sentence: Sentence) -> Entry | None:
    """The entry, when the line, or the second cell of a row, begins with a day of the calendar."""
    starts = [0]
    if sentence.line_kind == "table_row" and " | " in sentence.text:
        starts.append(sentence.text.index(" | ") + 3)
    found = ((form.match(sentence.text[start : start + 60]), start) for start in starts for form in _FORMS)
    match, offset = next(((match, start) for match, start in found if match), (None, 0))
    if match is None:
        return _by_the_clock(sentence)
    if offset and len(sentence.text[offset:].split(" | ")[0]) > match.end() + 12:
        return None
    parts = match.groupdict()
    month = int(parts["number"]) if parts.get("number") else _MONTHS.index(parts["month"].lower()) + 1
    hour, minute = (int(parts["hour"]), int(parts["minute"])) if parts["time"] else (0, 0)
    try:
        at = datetime(int(parts.get("year") or _UNKNOWN_YEAR), month, int(parts["day"]), hour, minute)  # noqa: DTZ001
    except ValueError:
        return None
    start = next(place for place, letter in enumerate(match.group()) if letter.isalnum())
    return Entry(sentence, at, bool(parts["time"]), (offset + start, offset + match.end()))


def _by_the_clock(sentence: Sentence) -> Entry | None:
    """An entry of a single day, which only tells the time."""
    match = _CLOCK.match(sentence.text)
    if match is None or int(match.group("hour")) > 23 or int(match.group("minute")) > 59:
        return None
    at = datetime(_UNKNOWN_YEAR, 1, 1, int(match.group("hour")), int(match.group("minute")))  # noqa: DTZ001
    return Entry(sentence, at, has_time=True, span=(match.start("hour"), match.end("minute")))


def _over_new_year(entries: list[Entry]) -> list[Entry]:
    """Without years, a fall of more than half a year is the turn of the year."""
    turned, years = [entries[0]], 0
    for before, entry in itertools.pairwise(entries):
        has_year = entry.at.year != _UNKNOWN_YEAR
        if not has_year and before.at - entry.at > timedelta(days=183):
            years += 1
        moved = (
            entry
            if has_year
            else Entry(entry.sentence, entry.at.replace(year=_UNKNOWN_YEAR + 4 * years), entry.has_time, entry.span)
        )
        turned.append(moved)
    return turned
