"""How a point says its verdict: a status, the exact words, and one sentence in the document's own terms."""

from collections.abc import Iterable

from apps.analysis.rules.port import Quote, Status, Verdict
from apps.analysis.rules.reading.document import DocumentReading, Sentence

_LONGEST_SNIPPET = 70


def gap(point: int, evidence: Sentence | Quote, reason: str, confidence: float = 0.83) -> Verdict:
    """The point applies and is not met; the caller settles the risk."""
    return Verdict(point, Status.GAP, None, confidence, _quote(evidence), reason)


def satisfied(point: int, evidence: Sentence | Quote, reason: str, confidence: float = 0.84) -> Verdict:
    """The point applies and is met."""
    return Verdict(point, Status.SATISFIED, None, confidence, _quote(evidence), reason)


def not_applicable(point: int, reason: str, confidence: float = 0.85) -> Verdict:
    """Nothing in the case calls for the point."""
    return Verdict(point, Status.NOT_APPLICABLE, None, confidence, None, reason)


def missing(
    point: int, reading: DocumentReading, roles: tuple[str, ...], reason: str, confidence: float = 0.83
) -> Verdict:
    """A gap without words of its own: it names the place where one would look."""
    return gap(point, reading.place_for(roles), reason, confidence)


def snippet(evidence: Sentence | Quote | str) -> str:
    """A few words of the document, in quotation marks."""
    text = " ".join((evidence if isinstance(evidence, str) else evidence.text).split())
    if len(text) > _LONGEST_SNIPPET:
        text = text[:_LONGEST_SNIPPET].rsplit(" ", 1)[0].rstrip(" ,;:-|") + " …"
    return f"“{text.rstrip('.')}”"


def listed(parts: Iterable[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    items = list(parts)
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""


def _quote(evidence: Sentence | Quote) -> Quote:
    return evidence.quote() if isinstance(evidence, Sentence) else evidence
