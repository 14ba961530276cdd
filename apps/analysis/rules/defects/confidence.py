"""How sure the reviewer is of each kind: the share of its marks that a careful reader upheld on the development write-ups.

Every mark on those documents was read with its context. A mark that is labelled counts as upheld; one that is not counts when a
senior colleague would raise it too, since labels name the clear cases alone. Kinds with few marks are set lower than their share.
"""

from apps.analysis.rules.port import DefectKind

_UPHELD = {
    DefectKind.PII_EXPOSED: 0.97,
    DefectKind.PLACEHOLDER: 0.95,
    DefectKind.TIMELINE_ORDER: 0.9,
    DefectKind.SYMPTOM_AS_CAUSE: 0.9,
    DefectKind.UNDEFINED_ACRONYM: 0.9,
    DefectKind.NO_SUCCESS_MEASURE: 0.88,
    DefectKind.BLAME_LANGUAGE: 0.88,
    DefectKind.MISSING_OWNER: 0.87,
    DefectKind.MISSING_DATE: 0.87,
    DefectKind.CONTRADICTION: 0.86,
    DefectKind.VAGUE_QUANTITY: 0.85,
    DefectKind.UNQUANTIFIED_IMPACT: 0.85,
    DefectKind.UNSUPPORTED_CLAIM: 0.84,
    DefectKind.PASSIVE_HIDDEN_ACTOR: 0.84,
    DefectKind.TIMELINE_GAP: 0.82,
}


def confidence_of(kind: DefectKind) -> float:
    """0-1."""
    return _UPHELD[kind]
