"""A template's blank that was never filled in."""

from collections.abc import Iterator

from apps.analysis.rules.defects.mark import Mark, mark_of, named
from apps.analysis.rules.port import DefectKind
from apps.analysis.rules.reading.document import DocumentReading
from apps.analysis.rules.reading.placeholders import placeholders_in


def placeholders(reading: DocumentReading) -> Iterator[Mark]:
    """Every blank of the writer's own text."""
    for sentence, span in placeholders_in(reading):
        reason = f"{named(sentence.text[slice(*span)])} is a blank that was never filled in."
        yield mark_of(sentence, DefectKind.PLACEHOLDER, span=span, reason=reason)
