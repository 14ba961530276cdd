"""Every kind of defect with its detector."""

from apps.analysis.rules.defects.blame_language import blaming_words
from apps.analysis.rules.defects.contradiction import contradictions
from apps.analysis.rules.defects.mark import Detector, Mark
from apps.analysis.rules.defects.missing_date import missing_dates
from apps.analysis.rules.defects.missing_owner import missing_owners
from apps.analysis.rules.defects.no_success_measure import hopes_without_measure
from apps.analysis.rules.defects.passive_hidden_actor import hidden_actors
from apps.analysis.rules.defects.pii_exposed import personal_data
from apps.analysis.rules.defects.placeholder import placeholders
from apps.analysis.rules.defects.symptom_as_cause import symptoms_as_causes
from apps.analysis.rules.defects.timeline_gap import timeline_gaps
from apps.analysis.rules.defects.timeline_order import entries_out_of_order
from apps.analysis.rules.defects.undefined_acronym import undefined_acronyms
from apps.analysis.rules.defects.unquantified_impact import unquantified_impacts
from apps.analysis.rules.defects.unsupported_claim import unsupported_claims
from apps.analysis.rules.defects.vague_quantity import vague_quantities
from apps.analysis.rules.port import DefectKind
from apps.analysis.rules.reading.document import DocumentReading

DETECTORS: dict[DefectKind, Detector] = {
    DefectKind.VAGUE_QUANTITY: vague_quantities,
    DefectKind.MISSING_OWNER: missing_owners,
    DefectKind.MISSING_DATE: missing_dates,
    DefectKind.PLACEHOLDER: placeholders,
    DefectKind.TIMELINE_GAP: timeline_gaps,
    DefectKind.TIMELINE_ORDER: entries_out_of_order,
    DefectKind.CONTRADICTION: contradictions,
    DefectKind.UNSUPPORTED_CLAIM: unsupported_claims,
    DefectKind.SYMPTOM_AS_CAUSE: symptoms_as_causes,
    DefectKind.BLAME_LANGUAGE: blaming_words,
    DefectKind.UNDEFINED_ACRONYM: undefined_acronyms,
    DefectKind.PASSIVE_HIDDEN_ACTOR: hidden_actors,
    DefectKind.PII_EXPOSED: personal_data,
    DefectKind.UNQUANTIFIED_IMPACT: unquantified_impacts,
    DefectKind.NO_SUCCESS_MEASURE: hopes_without_measure,
}


# Of two kinds on the same words the first says more; "soon" in an action without a date is that action's fault.
_SAYS_MORE = (
    (DefectKind.MISSING_DATE, DefectKind.VAGUE_QUANTITY),
    (DefectKind.UNQUANTIFIED_IMPACT, DefectKind.VAGUE_QUANTITY),
    (DefectKind.VAGUE_QUANTITY, DefectKind.UNQUANTIFIED_IMPACT),
)


def marks_of(reading: DocumentReading) -> tuple[Mark, ...]:
    """All marks in reading order; what lies within the words of a mark that says more is left out."""
    found = [mark for detect in DETECTORS.values() for mark in detect(reading)]
    by_sentence: dict[tuple[int, int], list[Mark]] = {}
    for mark in found:
        by_sentence.setdefault((mark.sentence.section, mark.sentence.start), []).append(mark)
    marks = [mark for mark in found if not _is_within(mark, by_sentence[mark.sentence.section, mark.sentence.start])]
    order = {section.index: place for place, section in enumerate(reading.sections)}
    return tuple(
        sorted(marks, key=lambda mark: (order[mark.quote.section], mark.quote.start, mark.quote.end, mark.kind))
    )


def _is_within(mark: Mark, beside: list[Mark]) -> bool:
    quote = mark.quote
    return any(
        (other.kind, mark.kind) in _SAYS_MORE
        and other.quote.start <= quote.start
        and quote.end <= other.quote.end
        and (mark.kind is DefectKind.VAGUE_QUANTITY or other.quote != quote)
        for other in beside
    )
