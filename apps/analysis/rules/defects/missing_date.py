"""Actions and announcements without a date."""

from collections.abc import Iterator

from apps.analysis.rules.defects.mark import Mark, mark_of, named
from apps.analysis.rules.port import DefectKind
from apps.analysis.rules.reading.actions import actions_in, vague_date
from apps.analysis.rules.reading.document import DocumentReading
from apps.analysis.rules.reading.words import DATE, words

# A vague date counts outside a list of actions only where something is announced.
_ANNOUNCED = words(
    r"\b(?:will|shall|should|(?:come|comes)(?! from)|follow|follows|to follow|can do|is planned|are planned|promised to"
    r"|plans? to|expects? to|intends? to)\b"
)


def missing_dates(reading: DocumentReading) -> Iterator[Mark]:
    """Actions without a date, and announcements of a "later" or "in the spring"."""
    seen = set()
    for action in actions_in(reading):
        seen.add((action.sentence.section, action.sentence.start))
        if not action.date:
            said = action.sentence.text[slice(*action.date_span)]
            reason = f"{named(said)} gives no date by which it is done."
            yield mark_of(action.sentence, DefectKind.MISSING_DATE, span=action.date_span, reason=reason)
    for sentence in reading.narrative:
        if (
            (sentence.section, sentence.start) in seen
            or sentence.line_kind == "table_row"
            or DATE.search(sentence.text)
        ):
            continue
        span = vague_date(sentence.text)
        if span and _ANNOUNCED.search(sentence.text):
            reason = f"{named(sentence.text[slice(*span)])} is announced without a date."
            yield mark_of(sentence, DefectKind.MISSING_DATE, span=span, reason=reason)
