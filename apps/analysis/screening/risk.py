"""The risk of an item: an engine may see more harm than the framework's default, never less."""

from collections.abc import Mapping
from dataclasses import replace

from apps.analysis.rules.port import ItemType, Risk
from apps.analysis.screening.candidate import Candidate

_ORDER = (Risk.LOW, Risk.MEDIUM, Risk.HIGH)
_GAPS = frozenset({ItemType.CRITICAL, ItemType.IMPORTANT, ItemType.SUGGESTION})


def raised(risk: Risk) -> Risk:
    """One level more; High stays."""
    return _ORDER[min(_ORDER.index(risk) + 1, len(_ORDER) - 1)]


def settled_risk(candidate: Candidate, *, defaults: Mapping[int, Risk], is_severe: bool) -> Candidate:
    """Lift a model's gap to the default risk of its first point, raised one level when the case is severe.

    The rules have applied both already, and know smaller faults within a point of high risk; theirs stay as they are.
    """
    draft = candidate.draft
    default = defaults.get(draft.points[0])
    if candidate.is_from_rules_alone or draft.kind or draft.type not in _GAPS or default is None:
        return candidate
    floor = raised(default) if is_severe else default
    return Candidate(replace(draft, risk=max(draft.risk, floor, key=_ORDER.index)), candidate.sources)
