"""A long section as overlapping windows, so that nothing of it is cut in silence."""

from dataclasses import dataclass

_BORDERS = ("\n\n", "\n", ". ", " ")
_WINDOW_MIN = 0.5
"""A border is taken only in the last half of a window, so that windows do not become tiny."""


@dataclass(frozen=True, slots=True)
class Window:
    """text[start:end] of the section; `number` from 1 of `count`."""

    start: int
    end: int
    number: int = 1
    count: int = 1


def windows_of(text: str, *, limit_chars: int, overlap_chars: int) -> tuple[Window, ...]:
    """Divide text into windows of at most limit_chars that overlap by about overlap_chars and together hold all of it.

    Cuts fall after a paragraph, a line, a sentence or a word, whichever comes first in that order; inside a word only when
    there is nothing else. A text that fits is one window; an empty one is none. ValueError unless 0 <= overlap < limit / 2.
    """
    if limit_chars < 1 or not 0 <= overlap_chars < limit_chars / 2:
        message = "overlap_chars must be less than half of limit_chars"
        raise ValueError(message)
    spans: list[tuple[int, int]] = []
    start = 0
    while start < len(text):
        end = _cut(text, start=start, limit_chars=limit_chars)
        spans.append((start, end))
        if end >= len(text):
            break
        start = _word_start(text, at=end - overlap_chars, after=start, before=end)
    return tuple(Window(begin, end, number, len(spans)) for number, (begin, end) in enumerate(spans, start=1))


def _cut(text: str, *, start: int, limit_chars: int) -> int:
    hard = start + limit_chars
    if hard >= len(text):
        return len(text)
    earliest = start + int(limit_chars * _WINDOW_MIN) + 1
    for border in _BORDERS:
        found = text.rfind(border, earliest, hard)
        if found >= 0:
            return min(found + len(border), hard)
    return hard


def _word_start(text: str, *, at: int, after: int, before: int) -> int:
    """The start of the word at or before `at`; always behind `after`, so that each window moves on."""
    at = max(at, after + 1)
    found = text.rfind(" ", after + 1, at)
    return found + 1 if found >= 0 and at - found < 80 else min(at, before)
