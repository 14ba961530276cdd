"""Deeds that are told without the one who did them."""

from collections.abc import Iterator

from apps.analysis.rules.defects.mark import Mark, mark_of, named
from apps.analysis.rules.port import DefectKind
from apps.analysis.rules.reading.document import DocumentReading
from apps.analysis.rules.reading.hidden_actors import hidden_actors_in


def hidden_actors(reading: DocumentReading) -> Iterator[Mark]:
    """The first passive deed of a sentence that names nobody."""
    for sentence, span in hidden_actors_in(reading):
        reason = f"{named(sentence.text[slice(*span)])} does not say who did it."
        yield mark_of(sentence, DefectKind.PASSIVE_HIDDEN_ACTOR, span=span, reason=reason)
