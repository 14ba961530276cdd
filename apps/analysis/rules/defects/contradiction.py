"""Two figures or two dates for one fact, in different places of the document."""

from collections.abc import Iterator

from apps.analysis.rules.defects.mark import Mark, mark_of, named
from apps.analysis.rules.port import DefectKind
from apps.analysis.rules.reading.conflicts import conflicts_in
from apps.analysis.rules.reading.document import DocumentReading


def contradictions(reading: DocumentReading) -> Iterator[Mark]:
    """Each place that does not agree with another, which the mark names."""
    for one in conflicts_in(reading):
        span = (one.odd.start - one.sentence.start, one.odd.end - one.sentence.start)
        reason = f"{named(one.odd.text)} here, but {named(one.usual.text)} elsewhere: two {one.what}s for one fact."
        yield mark_of(one.sentence, DefectKind.CONTRADICTION, span=span, reason=reason, other=one.usual)
