"""Abbreviations that are never written out."""

from collections.abc import Iterator

from apps.analysis.rules.defects.mark import Mark, mark_of
from apps.analysis.rules.port import DefectKind
from apps.analysis.rules.reading.acronyms import unexplained_acronyms
from apps.analysis.rules.reading.document import DocumentReading


def undefined_acronyms(reading: DocumentReading) -> Iterator[Mark]:
    """The first use of each."""
    for quote in unexplained_acronyms(reading):
        sentence = next(
            one for one in reading.by_section[quote.section] if one.start <= quote.start and quote.end <= one.end
        )
        span = (quote.start - sentence.start, quote.end - sentence.start)
        reason = f"{quote.text} is used here for the first time and never written out."
        yield mark_of(sentence, DefectKind.UNDEFINED_ACRONYM, span=span, reason=reason)
