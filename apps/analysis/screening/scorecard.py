"""How a document stands on each point when rules and a model have both spoken: who decided, and who sees it otherwise.

A model may find a gap that the rules do not see, or dispute one that they do. It can never remove one: its words come from a
text that somebody uploaded, so a gap goes away by a person's decision alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from apps.analysis.rules.port import FindingDraft, ItemType, Quote, Risk, Status, Verdict

_GAPS = frozenset({ItemType.CRITICAL, ItemType.IMPORTANT, ItemType.SUGGESTION})
_STRONG = frozenset({ItemType.CRITICAL, ItemType.IMPORTANT})
_RISKS = (Risk.LOW, Risk.MEDIUM, Risk.HIGH)


class DecidedBy(StrEnum):
    """Who settled a point."""

    RULES = "rules"
    MODEL = "model"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class ModelWord:
    """One thing that a model says of one point."""

    point: int
    status: Status
    reason: str
    confidence: float
    is_strong: bool = False
    """Enough to outweigh the rules: a critical or important gap that is over the threshold."""
    risk: Risk | None = None
    quote: Quote | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """The settled status of a point, who settled it, and what the other engine says where it differs."""

    verdict: Verdict
    by: DecidedBy
    other: Status | None = None
    other_reason: str = ""


def words_of(drafts: Iterable[FindingDraft], *, threshold: float) -> tuple[ModelWord, ...]:
    """What a model's items say of their first points; questions and what is under the threshold say nothing."""
    words = []
    for draft in drafts:
        if draft.confidence < threshold or draft.type not in _GAPS | {ItemType.POSITIVE}:
            continue
        is_gap = draft.type in _GAPS
        words.append(
            ModelWord(
                point=draft.points[0],
                status=Status.GAP if is_gap else Status.SATISFIED,
                reason=draft.description,
                confidence=draft.confidence,
                is_strong=draft.type in _STRONG,
                risk=draft.risk if is_gap else None,
                quote=draft.quote,
            )
        )
    return tuple(words)


def settled(
    points: Iterable[int], *, verdicts: Mapping[int, Verdict], words: Iterable[ModelWord]
) -> tuple[Judgement, ...]:
    """One judgement for each point that an engine has something to say about, in the order of points."""
    by_point: dict[int, list[ModelWord]] = {}
    for word in words:
        by_point.setdefault(word.point, []).append(word)
    judgements = [_settled(verdicts.get(point), by_point.get(point, [])) for point in points]
    return tuple(judgement for judgement in judgements if judgement is not None)


def _settled(verdict: Verdict | None, words: list[ModelWord]) -> Judgement | None:
    gaps = [word for word in words if word.status is Status.GAP]
    praise = [word for word in words if word.status is Status.SATISFIED]
    strong = [word for word in gaps if word.is_strong]
    if verdict is None or verdict.status is Status.NOT_JUDGED:
        return _by_model_alone(verdict, _gravest(gaps) or next(iter(praise), None))
    if verdict.status is Status.GAP:
        return _on_a_gap(verdict, gaps=gaps, praise=praise)
    if best := _gravest(strong):
        return Judgement(_verdict_of(best), DecidedBy.MODEL, verdict.status, verdict.reason)
    if verdict.status is Status.SATISFIED and praise:
        return Judgement(_surer(verdict, praise), DecidedBy.BOTH)
    if praise:
        return Judgement(verdict, DecidedBy.RULES, Status.SATISFIED, praise[0].reason)
    return Judgement(verdict, DecidedBy.RULES)


def _by_model_alone(verdict: Verdict | None, best: ModelWord | None) -> Judgement | None:
    """A point that no rule knows: the model decides it, else it stays as it is."""
    if best:
        return Judgement(_verdict_of(best), DecidedBy.MODEL)
    return Judgement(verdict, DecidedBy.RULES) if verdict else None


def _on_a_gap(verdict: Verdict, *, gaps: list[ModelWord], praise: list[ModelWord]) -> Judgement:
    if gaps:
        return Judgement(_surer(verdict, gaps), DecidedBy.BOTH)
    if praise:
        return Judgement(verdict, DecidedBy.RULES, Status.SATISFIED, praise[0].reason)
    return Judgement(verdict, DecidedBy.RULES)


def _gravest(words: list[ModelWord]) -> ModelWord | None:
    return max(words, key=lambda word: (_RISKS.index(word.risk or Risk.LOW), word.confidence), default=None)


def _surer(verdict: Verdict, words: list[ModelWord]) -> Verdict:
    return replace(verdict, confidence=max(verdict.confidence, *(word.confidence for word in words)))


def _verdict_of(word: ModelWord) -> Verdict:
    risk = (word.risk or Risk.LOW) if word.status is Status.GAP else None
    return Verdict(word.point, word.status, risk, word.confidence, word.quote, word.reason)
