"""Dates and times of day in many ways of writing, and what day each means."""

import re
from dataclasses import dataclass
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE = re.compile(
    r"(?<![\w.-])(?:"
    r"(?P<iy>\d{4})-(?P<im>\d{2})-(?P<id>\d{2})(?![\d-])"
    r"|(?P<nd>\d{1,2})[./](?P<nm>\d{1,2})(?:[./](?P<ny>\d{4}|\d{2}))?(?![\d/%-]|[.,]\d)"
    rf"|(?P<dd>{_DAY})\s(?:of\s)?(?P<dm>{_MONTH})\b\.?(?:,?\s(?P<dy>\d{{4}})\b)?"
    rf"|(?P<mm>{_MONTH})\.?\s(?P<md>{_DAY})\b(?![:.]\d|\s(?:per\b|%))(?:,?\s(?P<my>\d{{4}})\b)?"
    rf"|(?P<om>{_MONTH})\s(?P<oy>(?:19|20)\d{{2}})\b"
    r")",
    re.IGNORECASE,
)
_TIME = re.compile(
    r"(?<![\d.:-])(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?(?![\d:])|\b\d{1,2}\s?(?:am|pm|a\.m\.|p\.m\.)(?!\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date at text[start:end]. Year and day are None where the writer leaves them out."""

    start: int
    end: int
    year: int | None
    month: int
    day: int | None

    @property
    def is_full(self) -> bool:
        """Day and month are there; the year may be understood."""
        return self.day is not None

    def on(self, default_year: int) -> date | None:
        """The calendar day; None for a month alone or a day that does not exist."""
        if self.day is None:
            return None
        try:
            return date(self.year or default_year, self.month, self.day)
        except ValueError:
            return None


def dates_in(text: str) -> tuple[DateMention, ...]:
    """Every date that is a possible one, in order."""
    return tuple(found for match in _DATE.finditer(text) if (found := _mention(match)) is not None)


def times_in(text: str) -> tuple[tuple[int, int], ...]:
    """Places of the times of day."""
    return tuple(match.span() for match in _TIME.finditer(text))


def _mention(match: re.Match[str]) -> DateMention | None:
    got = match.groupdict()
    year: str | None = None
    if got["iy"]:
        year, month, day = got["iy"], int(got["im"]), int(got["id"])
    elif got["nd"]:
        year, month, day = got["ny"], int(got["nm"]), int(got["nd"])
        if month > 12 >= day:
            month, day = day, month
        if not year and "." in match.group():
            return None
    elif got["dd"]:
        year, month, day = got["dy"], _month(got["dm"]), int(got["dd"].rstrip("stndrh"))
    elif got["mm"]:
        year, month, day = got["my"], _month(got["mm"]), int(got["md"].rstrip("stndrh"))
    else:
        return DateMention(*match.span(), int(got["oy"]), _month(got["om"]), None)
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    number = None if not year else int(year) + (2000 if len(year) == 2 else 0)
    return DateMention(*match.span(), number, month, day)


def _month(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1
