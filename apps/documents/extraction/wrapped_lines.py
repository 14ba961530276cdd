"""Rejoins lines of plain text that a program has broken at a width, so that a sentence is one again.

Careful: a log, a table, a list or an address whose lines are run together is worse than a sentence in two parts.
"""

import re
from collections.abc import Iterable, Iterator

_NARROWEST = 60
_WIDEST = 160
"""Programs break lines between these widths; longer lines are whole paragraphs, shorter ones are meant to be lines."""
_FULL = 0.6
_SENTENCE_END = re.compile(r"[.!?:;|][\"'”’)\]]*$")
_RUNS_ON = re.compile(r"[a-zà-öø-ÿ(“‘\"']")
_STARTS_ANEW = re.compile(
    r"[-*•▪◦‣·–>#|\[]|\d{1,2}:\d\d|\d{4}-\d\d|[A-Za-z-]{2,14}:\s|[a-z]\)\s|[(]?[a-z0-9]{1,3}[.)]\s|\S{1,40}(?:://|@|=)"
)
_COLUMNS = re.compile(r"\S(?:\t| {3,})\S")
_AWAITS_MORE = re.compile(
    r"(?:,|\b(?:a|an|the|of|to|by|in|on|at|for|from|with|and|or|but|that|which|as|is|are|was|were|has|have|had"
    r"|der|die|das|und|oder|von|zu|mit|für))$"
)


def rejoined(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Paragraphs with the number of their first line, from 0; lines without words are left out. Linear in the text."""
    group: list[tuple[int, str]] = []
    for number, line in enumerate(lines):
        if line and not line.isspace():
            group.append((number, line.rstrip()))
        elif group:
            yield from _joined(group)
            group = []
    yield from _joined(group)


def _joined(group: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """The paragraphs of lines between two blank ones."""
    width = max((len(line) for _, line in group), default=0)
    is_wrapped = _NARROWEST <= width <= _WIDEST
    first = 0
    parts: list[str] = []
    for number, line in group:
        if parts and is_wrapped and _goes_on(parts[-1], line, width=width):
            parts.append(line.lstrip())
            continue
        if parts:
            yield first, " ".join(parts)
        first, parts = number, [line]
    if parts:
        yield first, " ".join(parts)


def _goes_on(line: str, following: str, *, width: int) -> bool:
    start = following.lstrip()
    if len(line) < _FULL * width or _SENTENCE_END.search(line) or _STARTS_ANEW.match(start):
        return False
    if _COLUMNS.search(line) or _COLUMNS.search(start):
        return False
    return bool(_RUNS_ON.match(start)) or bool(_AWAITS_MORE.search(line))
