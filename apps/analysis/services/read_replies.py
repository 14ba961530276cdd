"""The second step: what the stored replies of a run say. No model is called, so it may be done again at will."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypedDict

from apps.analysis.errors import ReplyNotUnderstoodError
from apps.analysis.models import Reply, Run
from apps.analysis.parsing.read_reply import Expectation, ReadReply, RemarkCheck, read_reply
from apps.analysis.rules.port import ItemType, SectionText, Status
from apps.analysis.screening.candidate import Candidate
from apps.analysis.screening.scorecard import ModelWord

NOT_UNDERSTOOD = ReplyNotUnderstoodError.code
Place = tuple[int, int]


class RulesOnlySection(TypedDict):
    """A section that no model has read, or only in part, and why."""

    index: int
    heading: str
    code: str
    is_partly_read: bool


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a model's finding comes from."""

    model_id: str
    prompt_version: str
    is_cached: bool


@dataclass(slots=True)
class ModelSays:
    """All that came of asking a model about a document."""

    candidates: list[Candidate] = field(default_factory=list)
    checked: list[ModelWord] = field(default_factory=list)
    provenance: dict[tuple[int, str], Provenance] = field(default_factory=dict)
    rules_only: list[RulesOnlySection] = field(default_factory=list)
    unlocated_quotes: int = 0
    problem_code: str = ""


def read_stored(
    run: Run, *, texts: tuple[SectionText, ...], points: frozenset[int], unanswered: Mapping[Place, str]
) -> ModelSays:
    """Read every stored reply of the run; `unanswered` are the places without one, each with its reason's code."""
    by_index = {text.index: text for text in texts}
    says = ModelSays()
    bad: dict[int, list[str]] = {}
    good: Counter[int] = Counter()
    for (index, _), code in unanswered.items():
        bad.setdefault(index, []).append(code)
    for reply in _last_of_each_place(run.replies.select_related("section")):
        text = by_index[reply.section.index]
        read = reading_of(reply, text=text, points=points)
        if read is None or read.needs_repair:
            bad.setdefault(text.index, []).append(reply.error_code or NOT_UNDERSTOOD)
        else:
            good[text.index] += 1
            _take(says, reply, read)
    says.rules_only = [
        RulesOnlySection(
            index=index, heading=by_index[index].heading[:500], code=bad[index][0], is_partly_read=good[index] > 0
        )
        for index in sorted(bad)
    ]
    if says.rules_only:
        says.problem_code = Counter(section["code"] for section in says.rules_only).most_common(1)[0][0]
    return says


def reading_of(reply: Reply, *, text: SectionText, points: frozenset[int]) -> ReadReply | None:
    """What a reply says; None for a refusal, which says nothing."""
    if reply.error_code:
        return None
    expected = Expectation(section=text, points=points, near=(reply.start, reply.end), remark_count=len(reply.remarks))
    return read_reply(reply.text, expected=expected)


def _last_of_each_place(replies: Iterable[Reply]) -> list[Reply]:
    last: dict[Place, Reply] = {}
    for reply in sorted(replies, key=lambda one: (one.section.index, one.window, one.attempt)):
        last[reply.section.index, reply.window] = reply
    return list(last.values())


def _take(says: ModelSays, reply: Reply, read: ReadReply) -> None:
    source = Provenance(reply.model_id, reply.prompt_version, reply.is_cached)
    says.provenance[reply.section.index, reply.model_id] = source
    says.candidates += [Candidate(draft, (reply.model_id,)) for draft in read.findings]
    says.checked += [word for check in read.checks if (word := _word_of(check, reply))]
    says.unlocated_quotes += sum(one.count for one in read.problems if one.code == "quote_not_in_section")


def _word_of(check: RemarkCheck, reply: Reply) -> ModelWord | None:
    """An answer to a remark that a whole point is a gap; other remarks are about words, not about a point."""
    remark = reply.remarks[check.remark - 1]
    if remark["kind"] or remark["type"] == ItemType.POSITIVE or not remark["points"]:
        return None
    status = Status.GAP if check.agrees else Status.SATISFIED
    return ModelWord(point=int(remark["points"][0]), status=status, reason=check.reason, confidence=0.0)
