"""The sentences of an item."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from apps.analysis.rules.defects.mark import named
from apps.analysis.rules.defects.pii_exposed import masked
from apps.analysis.rules.framework import PointText
from apps.analysis.rules.port import Defect, DefectKind, Quote, Verdict
from apps.analysis.rules.reading.document import DocumentReading
from apps.analysis.rules.writing.folding import Group

MOST_QUESTIONS = 2
# The gap's own reason says as much.
_SAID_BY_THE_GAP = frozenset(
    {
        DefectKind.UNQUANTIFIED_IMPACT,
        DefectKind.NO_SUCCESS_MEASURE,
        DefectKind.BLAME_LANGUAGE,
        DefectKind.PLACEHOLDER,
        DefectKind.MISSING_OWNER,
        DefectKind.MISSING_DATE,
    }
)
_MOST_NAMED = 3
_BRIEF_CHARS = 48
_OPENING = re.compile(r"\u201c(?P<said>[^\u201c\u201d]{1,200})\u201d (?P<rest>.{1,2000})$", re.DOTALL)
_MOST_ADDED = 2
_COMMON_WORDS = """
    what which who when where how was were did does the and for that this with from has have been each its any many much you your
"""
_COMMON = frozenset(_COMMON_WORDS.split())


def described_gap(verdict: Verdict, marked: tuple[Defect, ...], reading: DocumentReading) -> str:
    """What is wrong with the words that the item shows, and what else stands in them."""
    quote = verdict.quote
    shown = quote.text if quote else ""
    reason = _sentence(verdict.reason)
    # What the reason quotes already is not said twice.
    extra = [
        one.reason for one in marked if one.kind not in _SAID_BY_THE_GAP and one.quote.text.strip(" .") not in reason
    ]
    rest = len(extra) - _MOST_ADDED
    counted = [f"{rest} more faults of this kind stand in the same words."] if rest > 0 else []
    # A reason with words of the document in it says already what it is about.
    opening = f"{brief(shown)}{_whence(quote, reading)}: " if quote and shown and "\u201c" not in reason else ""
    return masked(opening + joined([reason, *(_sentence(one) for one in extra[:_MOST_ADDED]), *counted], shown))


def described_defect(group: Group) -> str:
    """The fault, what stands beside it, and how many more there are."""
    first = group.shown
    if group.lacks_owner_and_date:
        text = f"{brief(first.sentence.text)} names neither a person who answers for it nor a date."
    else:
        text = joined([first.reason], first.quote.text)
        others = [one for one in group.beside if one.kind is first.kind and one.quote.text != first.quote.text]
        if others:
            text += f" The same goes for {_listed(others)}."
    if group.more:
        # An action that lacks owner and date is one more, not two.
        more = list({(one.sentence.section, one.sentence.start): one for one in reversed(group.more)}.values())[::-1]
        count = "One" if len(more) == 1 else str(len(more))
        text += f" {count} more like this: {_listed(more)}."
    return masked(text)


def brief(text: str) -> str:
    """A few words of the document: the item shows all of them at their place."""
    return named(text, limit_chars=_BRIEF_CHARS)


def joined(sentences: Iterable[str], shown: str) -> str:
    """The sentences in a row; the words that the item shows are quoted once, in brief, and are "it" from then on."""
    said = [_about(one, shown) for one in dict.fromkeys(sentences)]
    return " ".join(
        f"It also {one.rest}" if place and one.is_about and said[0].is_about else one.whole
        for place, one in enumerate(said)
    )


@dataclass(frozen=True, slots=True)
class _Said:
    """A sentence, and what it says of the words with which it begins when those are the words that the item shows."""

    whole: str
    rest: str
    is_about: bool


def _about(sentence: str, shown: str) -> _Said:
    match = _OPENING.match(sentence)
    flat = " ".join(shown.split())
    if not match or not flat.startswith(match.group("said").rstrip("\u2026 ")):
        return _Said(sentence, sentence, is_about=False)
    return _Said(f"{brief(match.group('said'))} {match.group('rest')}", match.group("rest"), is_about=True)


def _whence(quote: Quote, reading: DocumentReading) -> str:
    section = next(one for one in reading.sections if one.index == quote.section)
    return "" if section.kind == "narrative" else f" in {_place(section.heading) or 'the attached material'}"


def suggestion_for_gap(point: PointText, quote: Quote, reading: DocumentReading) -> str:
    """The framework's advice, with the place where it belongs when nothing stands there yet."""
    if quote.text:
        return point.advice
    section = next((one for one in reading.sections if one.index == quote.section), None)
    where = _place(section.heading) if section else ""
    return (
        f"{point.advice} {where[:1].upper()}{where[1:]} is where readers will look for it." if where else point.advice
    )


def questions_for(questions: tuple[str, ...], reason: str) -> tuple[str, ...]:
    """The two that share most words with what is missing; the framework's order decides between equals."""
    missing = _content(reason)
    best = sorted(range(len(questions)), key=lambda place: (-len(_content(questions[place]) & missing), place))
    return tuple(questions[place] for place in sorted(best[:MOST_QUESTIONS]))


def _listed(defects: tuple[Defect, ...] | list[Defect]) -> str:
    shown = [named(one.quote.text, limit_chars=50) for one in defects[:_MOST_NAMED]]
    rest = len(defects) - len(shown)
    return ", ".join(shown) + (f" and {rest} others" if rest > 1 else " and one other" if rest else "")


def _place(heading: str) -> str:
    flat = " ".join(heading.split())
    return f"the section \u201c{flat[:80]}\u201d" if flat else ""


def _sentence(text: str) -> str:
    flat = text.strip()
    return flat if flat.endswith((".", "?", "!")) else f"{flat}."


def _content(text: str) -> set[str]:
    return {word[:5] for word in re.findall(r"[a-z]{3,30}", text.lower()) if word not in _COMMON}
