"""A model's reply as finding drafts. The reply is untrusted: everything is checked, and what was wrong is counted and said."""

import json
import re
from collections import Counter
from dataclasses import dataclass, replace

from apps.analysis.parsing.quote_matching import find_quote
from apps.analysis.parsing.reply_schema import MAX_POINTS, MAX_QUESTIONS, MAX_QUOTE_CHARS, MAX_TEXT_CHARS
from apps.analysis.rules.port import FindingDraft, ItemType, Quote, Risk, SectionText

MAX_REPLY_CHARS = 400_000
MAX_ITEMS_READ = 100
# Bounded before the lazy part, so that a fence that never closes costs linear time.
_FENCED = re.compile(r"```[a-zA-Z]{0,10}(.*?)```", re.DOTALL)
# Control characters and lone surrogates cannot be stored or written to Word.
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the reply is about."""

    section: SectionText
    points: frozenset[int]
    near: tuple[int, int] | None = None
    """The span of the section that the model was shown."""
    remark_count: int = 0


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that was wrong with the reply, and how often."""

    code: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class RemarkCheck:
    """Whether the model agrees with a remark of the built-in reviewer (from 1, as listed in the request)."""

    remark: int
    agrees: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReadReply:
    """What could be used of a reply. `dropped_count` items were not; `problems` says why."""

    findings: tuple[FindingDraft, ...] = ()
    checks: tuple[RemarkCheck, ...] = ()
    problems: tuple[Problem, ...] = ()
    dropped_count: int = 0
    is_readable: bool = True

    @property
    def needs_repair(self) -> bool:
        """Nothing of it could be used, so that asking once more is worth a call."""
        return not self.is_readable or bool(self.dropped_count and not self.findings)


class _ItemError(Exception):
    """One item cannot be used; the argument is the problem's code."""


def read_reply(text: str, *, expected: Expectation) -> ReadReply:
    """Read a reply: plain JSON, or JSON in a code fence or between other words. Never raises for what the model wrote."""
    body, problem = _body_of(text)
    items = body.get("items") if body is not None else None
    if body is None or not isinstance(items, list):
        return ReadReply(problems=(Problem(problem or "no_items"),), is_readable=False)
    problems: Counter[str] = Counter()
    if len(items) > MAX_ITEMS_READ:
        problems["too_many_items"] = len(items) - MAX_ITEMS_READ
    findings: list[FindingDraft] = []
    for item in items[:MAX_ITEMS_READ]:
        try:
            findings.append(_finding(item, expected=expected, problems=problems))
        except _ItemError as error:
            problems[str(error)] += 1
    return ReadReply(
        findings=tuple(findings),
        checks=_checks(body.get("checks"), remark_count=expected.remark_count),
        problems=tuple(Problem(code, count) for code, count in sorted(problems.items())),
        dropped_count=len(items) - len(findings),
    )


def repair_message(read: ReadReply) -> str:
    """The one follow-up that asks for a better reply; it names what was wrong and holds no words of document or reply."""
    told = "; ".join(f"{problem.code.replace('_', ' ')} ({problem.count})" for problem in read.problems)
    return (
        f"Your answer could not be used: {told}. Answer again through the tool, with JSON that fits its schema exactly. "
        "Quotes must be copied character by character from the text, or be empty."
    )


def merged(replies: tuple[ReadReply, ...]) -> ReadReply:
    """The replies of a section's windows as one; problems are added up."""
    problems: Counter[str] = Counter()
    for reply in replies:
        problems.update({problem.code: problem.count for problem in reply.problems})
    return ReadReply(
        findings=tuple(finding for reply in replies for finding in reply.findings),
        checks=tuple(check for reply in replies for check in reply.checks),
        problems=tuple(Problem(code, count) for code, count in sorted(problems.items())),
        dropped_count=sum(reply.dropped_count for reply in replies),
        is_readable=all(reply.is_readable for reply in replies),
    )


def _body_of(text: str) -> tuple[dict[str, object] | None, str]:
    if len(text) > MAX_REPLY_CHARS:
        return None, "reply_too_long"
    candidates = [text, *_FENCED.findall(text)]
    if "{" in text and "}" in text:
        candidates.append(text[text.index("{") : text.rindex("}") + 1])
    for candidate in candidates:
        try:
            body = json.loads(candidate, parse_constant=_refuse_constant)
        except (ValueError, RecursionError):
            continue
        if isinstance(body, list):
            body = {"items": body}
        if isinstance(body, dict):
            return body, ""
    return None, "not_json"


def _refuse_constant(name: str) -> float:
    raise ValueError(name)


def _finding(item: object, *, expected: Expectation, problems: Counter[str]) -> FindingDraft:
    if not isinstance(item, dict):
        raise _ItemError("item_not_an_object")
    draft = FindingDraft(
        points=_points(item.get("points"), allowed=expected.points),
        type=_type(item.get("type")),
        risk=_risk(item.get("risk")),
        confidence=_confidence(item.get("confidence")),
        quote=_quote(item.get("quote"), expected=expected),
        description=_text(item.get("description"), problems=problems),
        suggestion=_text(item.get("suggestion"), problems=problems),
        example=_text(item.get("example"), problems=problems),
        questions=_questions(item.get("questions"), problems=problems),
    )
    if not draft.description:
        raise _ItemError("description_missing")
    is_gap = draft.type in {ItemType.CRITICAL, ItemType.IMPORTANT, ItemType.SUGGESTION}
    if is_gap and not draft.suggestion:
        raise _ItemError("suggestion_missing")
    return draft if draft.type is not ItemType.POSITIVE else replace(draft, risk=Risk.LOW)


def _points(value: object, *, allowed: frozenset[int]) -> tuple[int, ...]:
    numbers = [_number(entry) for entry in value[:20]] if isinstance(value, list) else []
    points = [int(number) for number in numbers if number is not None and number in allowed]
    if not points:
        raise _ItemError("points_out_of_range")
    return tuple(dict.fromkeys(points))[:MAX_POINTS]


def _number(value: object) -> float | None:
    """A number, also when it was sent as text; None for anything else (a truth value is no number)."""
    if (
        isinstance(value, bool)
        or not isinstance(value, int | float | str)
        or (isinstance(value, str) and len(value) > 20)
    ):
        return None
    try:
        return float(value)
    except (ValueError, OverflowError):
        return None


def _type(value: object) -> ItemType:
    try:
        return ItemType(str(value).strip().lower())
    except ValueError:
        raise _ItemError("type_unknown") from None


def _risk(value: object) -> Risk:
    try:
        return Risk(str(value).strip().capitalize())
    except ValueError:
        raise _ItemError("risk_unknown") from None


def _confidence(value: object) -> float:
    number = _number(value)
    # A missing confidence is not a high one: such an item would pass every threshold.
    if number is None or not 0 <= number <= 1:
        raise _ItemError("confidence_out_of_range")
    return number


def _quote(value: object, *, expected: Expectation) -> Quote:
    if not isinstance(value, str) or len(value) > MAX_QUOTE_CHARS:
        raise _ItemError("quote_unusable")
    quote = find_quote(value, section=expected.section, near=expected.near)
    if quote is None:
        raise _ItemError("quote_not_in_section")
    return quote


def _text(value: object, *, problems: Counter[str]) -> str:
    text = _UNSTORABLE.sub("", value).strip() if isinstance(value, str) else ""
    if len(text) > MAX_TEXT_CHARS:
        problems["text_shortened"] += 1
        return text[: MAX_TEXT_CHARS - 1].rstrip() + "\u2026"
    return text


def _questions(value: object, *, problems: Counter[str]) -> tuple[str, ...]:
    questions = [_text(entry, problems=problems) for entry in value[:20]] if isinstance(value, list) else []
    return tuple(question for question in questions if question)[:MAX_QUESTIONS]


def _checks(value: object, *, remark_count: int) -> tuple[RemarkCheck, ...]:
    checks: dict[int, RemarkCheck] = {}
    for entry in value[:MAX_ITEMS_READ] if isinstance(value, list) else []:
        if isinstance(entry, dict) and isinstance(entry.get("agrees"), bool):
            number = _number(entry.get("remark"))
            if number is not None and number.is_integer() and 1 <= number <= remark_count:
                reason = _text(entry.get("reason"), problems=Counter())
                checks.setdefault(int(number), RemarkCheck(int(number), agrees=entry["agrees"], reason=reason))
    return tuple(checks[number] for number in sorted(checks))
