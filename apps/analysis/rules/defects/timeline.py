"""Timelines that run backwards."""

import itertools
import re
from datetime import date

from apps.analysis.rules.port import Defect, DefectKind
from apps.analysis.rules.reading.document import DocumentReading, Sentence

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO = re.compile(r"^\W*(\d{4})-(\d{2})-(\d{2})")
_DAY_MONTH = re.compile(r"^\W*(?:on |at )?(\d{1,2})(?:st|nd|rd|th)?\s+([A-Za-z]{3,9})\b(?:\s+(\d{4}))?", re.IGNORECASE)


def timeline_defects(reading: DocumentReading) -> tuple[Defect, ...]:
    """Entries of a timeline that stand before an earlier one."""
    found: list[Defect] = []
    by_section: dict[int, list[tuple[date, Sentence]]] = {}
    for sentence in reading.narrative:
        if reading.roles[sentence.section] == "timeline" and (day := _day_of(sentence.text)):
            by_section.setdefault(sentence.section, []).append((day, sentence))
    for entries in by_section.values():
        for (before, _), (after, sentence) in itertools.pairwise(entries):
            if after < before:
                reason = f"This entry of {after:%d %B} stands after one of {before:%d %B}."
                found.append(
                    Defect(
                        DefectKind.TIMELINE_ORDER,
                        sentence.quote(),
                        13,
                        reason,
                        "Put the entries in the order in which they happened.",
                    )
                )
    return tuple(found)


def _day_of(text: str) -> date | None:
    """The date a line begins with; a missing year counts as one and the same year."""
    if match := _ISO.match(text):
        year, month, day = (int(part) for part in match.groups())
    elif match := _DAY_MONTH.match(text):
        name = match.group(2).lower()[:3]
        if name not in _MONTHS:
            return None
        year, month, day = int(match.group(3) or 2000), _MONTHS.index(name) + 1, int(match.group(1))
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
