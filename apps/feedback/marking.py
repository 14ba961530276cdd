"""A section's text cut into lines and runs, so that a page can mark the exact words of each item. Pure."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Mark:
    """Characters start..end of a section's text belong to this item; `tone` is its colour's name.

    A mark without a tone keeps its place but colours nothing.
    """

    item_id: UUID
    start: int
    end: int
    tone: str


@dataclass(frozen=True, slots=True)
class MarkedRun:
    """A piece of a line under the same set of items; no items means plain text."""

    text: str
    item_ids: tuple[UUID, ...]
    tone: str


@dataclass(frozen=True, slots=True)
class MarkedLine:
    """One line of the text. `start` is its first character's place in the section's text, in code points."""

    start: int
    kind: str
    runs: tuple[MarkedRun, ...]
    cells: tuple[tuple[MarkedRun, ...], ...] = ()
    """The runs of each cell when the line is a table row."""


_CELL_BORDER = " | "


def marked_lines(text: str, line_kinds: Sequence[str], marks: Sequence[Mark]) -> list[MarkedLine]:
    """The lines of `text` in order; joined runs of a line are the line. Time is linear in text and marks, up to sorting."""
    if not text:
        return []
    ordered = sorted((mark for mark in marks if mark.start < mark.end), key=lambda mark: (mark.start, mark.end))
    lines: list[MarkedLine] = []
    start, first_open = 0, 0
    for number, line in enumerate(text.split("\n")):
        end = start + len(line)
        while first_open < len(ordered) and ordered[first_open].end <= start and ordered[first_open].start < start:
            first_open += 1
        touching = [mark for mark in ordered[first_open:] if mark.start < end and mark.end > start]
        kind = line_kinds[number] if number < len(line_kinds) else "paragraph"
        runs = _runs(line, start, touching)
        cells = _cells(line, start, touching) if kind == "table_row" else ()
        lines.append(MarkedLine(start, kind, runs, cells))
        start = end + 1
    return lines


def _runs(line: str, line_start: int, marks: Sequence[Mark]) -> tuple[MarkedRun, ...]:
    end = line_start + len(line)
    borders = sorted(
        {line_start, end, *(place for mark in marks for place in (mark.start, mark.end) if line_start < place < end)}
    )
    runs = []
    for left, right in itertools.pairwise(borders):
        over = [mark for mark in marks if mark.start <= left and mark.end >= right]
        runs.append(
            MarkedRun(
                line[left - line_start : right - line_start],
                tuple(mark.item_id for mark in over),
                next((mark.tone for mark in over if mark.tone), ""),
            )
        )
    return tuple(runs)


def _cells(line: str, line_start: int, marks: Sequence[Mark]) -> tuple[tuple[MarkedRun, ...], ...]:
    cells, offset = [], 0
    for cell in line.split(_CELL_BORDER):
        cells.append(
            _runs(
                cell,
                line_start + offset,
                [
                    mark
                    for mark in marks
                    if mark.start < line_start + offset + len(cell) and mark.end > line_start + offset
                ],
            )
        )
        offset += len(cell) + len(_CELL_BORDER)
    return tuple(cells)
