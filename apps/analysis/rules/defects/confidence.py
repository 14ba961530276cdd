"""How sure the reviewer is of each kind of mark: what a careful reader upheld of the marks, by the rule of succession.

Every mark on the development write-ups and on the demonstration ones was read in its context before the rules were mended for it.
A labelled mark counts as upheld; one without a label counts when a senior colleague would raise it too, since labels name the clear
cases alone. (upheld + 1) / (read + 2) keeps a kind that was seen a few times from sounding sure of itself.
"""

from apps.analysis.rules.port import DefectKind

_UPHELD_OF_READ = {
    DefectKind.VAGUE_QUANTITY: (46, 53),
    DefectKind.MISSING_OWNER: (34, 38),
    DefectKind.MISSING_DATE: (33, 37),
    DefectKind.PLACEHOLDER: (10, 10),
    DefectKind.TIMELINE_GAP: (3, 3),
    DefectKind.TIMELINE_ORDER: (3, 3),
    DefectKind.CONTRADICTION: (8, 9),
    DefectKind.UNSUPPORTED_CLAIM: (42, 47),
    DefectKind.SYMPTOM_AS_CAUSE: (12, 12),
    DefectKind.BLAME_LANGUAGE: (18, 20),
    DefectKind.UNDEFINED_ACRONYM: (22, 24),
    DefectKind.PASSIVE_HIDDEN_ACTOR: (33, 38),
    DefectKind.PII_EXPOSED: (8, 8),
    DefectKind.UNQUANTIFIED_IMPACT: (20, 22),
    DefectKind.NO_SUCCESS_MEASURE: (12, 12),
}


def confidence_of(kind: DefectKind) -> float:
    """0-1, to two places."""
    upheld, read = _UPHELD_OF_READ[kind]
    return round((upheld + 1) / (read + 2), 2)
