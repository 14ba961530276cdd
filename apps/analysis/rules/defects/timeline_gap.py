"""More than a day that a timeline passes over after somebody had raised the alarm."""

import itertools
import re
from collections.abc import Iterator
from datetime import timedelta

from apps.analysis.rules.defects.mark import Mark, mark_of
from apps.analysis.rules.port import DefectKind
from apps.analysis.rules.reading.document import DocumentReading
from apps.analysis.rules.reading.timeline import Entry, timelines
from apps.analysis.rules.reading.words import REFERENCE, words

_A_DAY = timedelta(hours=24)
# From here on the clock of the response runs; before it nobody could know.
_SIGNAL = words(
    r"\b(?:report(?:ed|s)?|complain\w{0,30}|alarm\w{0,30}|alert\w{0,30}|notic\w{1,30}|discover\w{0,30}|detect\w{0,30}|warn\w{0,30}"
    r"|flag\w{0,30}|raised|spotted"
    r"|suspect\w{0,30}|escalat\w{0,30}|injur\w{0,30}|first (?:contact|call|mail|review|sign)s?)\b"
)
_SOURCE = re.compile(rf"{REFERENCE.pattern}|\b[A-Z]{{1,3}}-\d", re.IGNORECASE)
_WAIT = words(
    r"\b(?:wait\w{0,30}|pending|weekend|holiday|queue|until|deadline|days? (?:given|to answer)|no reply|laborator\w{1,30}|in transit)\b"
)


def timeline_gaps(reading: DocumentReading) -> Iterator[Mark]:
    """The first unexplained gap of each timeline; the reason counts the others.

    A line with a source is taken at its word: whoever wants to know can follow it.
    """
    for entries in timelines(reading):
        gaps = [
            (before, after)
            for before, after in itertools.pairwise(entries)
            if _is_gap(before, after) and _is_in_response(entries, before, after)
        ]
        if not gaps:
            continue
        before, after = gaps[0]
        days = (after.at - before.at).days
        rest = (
            f" {len(gaps) - 1} more gaps like this follow."
            if len(gaps) > 2
            else " One more gap like this follows."
            if len(gaps) == 2
            else ""
        )
        reason = f"Between {before.words} and {after.words} lie {max(days, 1)} {'days' if days > 1 else 'day'} of which nothing is told.{rest}"
        anchor = after if _SIGNAL.search(after.sentence.text) else before
        other = before if anchor is after else after
        yield mark_of(
            anchor.sentence,
            DefectKind.TIMELINE_GAP,
            span=(0, len(anchor.sentence.text)),
            reason=reason,
            other=other.sentence.quote(),
        )


def _is_gap(before: Entry, after: Entry) -> bool:
    apart = after.at - before.at
    # Without the time of day, two days that follow each other may lie less than 24 hours apart.
    is_long = apart > (_A_DAY if before.has_time and after.has_time else 2 * _A_DAY - timedelta(microseconds=1))
    if not is_long or apart.days > 3650:
        return False
    text = f"{before.sentence.text}\n{after.sentence.text}"
    without_dates = text.replace(before.words, "").replace(after.words, "")
    return not _SOURCE.search(without_dates) and not _WAIT.search(text)


def _is_in_response(entries: list[Entry], before: Entry, after: Entry) -> bool:
    """An alarm stands above the gap, or the gap ends with one."""
    so_far = entries[: entries.index(before) + 1]
    return any(_SIGNAL.search(entry.sentence.text) for entry in so_far) or bool(
        _SIGNAL.search(after.sentence.text) and len(so_far) > 1
    )
