"""Entries of a timeline that stand before an earlier one."""

import itertools
from collections.abc import Iterator

from apps.analysis.rules.defects.mark import Mark, mark_of
from apps.analysis.rules.port import DefectKind
from apps.analysis.rules.reading.document import DocumentReading
from apps.analysis.rules.reading.timeline import Entry, timelines


def entries_out_of_order(reading: DocumentReading) -> Iterator[Mark]:
    """Each entry that is earlier than the one above it; a timeline that runs newest first throughout is in order."""
    for entries in timelines(reading):
        pairs = list(itertools.pairwise(entries))
        falls = [(before, after) for before, after in pairs if _is_earlier(after, before)]
        if len(falls) > len(pairs) / 2:
            continue
        for before, after in falls:
            reason = f"The entry of {after.words} stands below the one of {before.words}, which happened later."
            yield mark_of(
                after.sentence,
                DefectKind.TIMELINE_ORDER,
                span=after.span,
                reason=reason,
                other=before.sentence.quote(),
            )


def _is_earlier(one: Entry, other: Entry) -> bool:
    """By the clock where both have one, else by the day."""
    if one.has_time and other.has_time:
        return one.at < other.at
    return one.at.date() < other.at.date()
