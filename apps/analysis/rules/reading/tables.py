"""Tables: rows with the header that each cell stands under."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from apps.analysis.rules.port import SectionText

_SEPARATOR = " | "
_COLUMNS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        (
            "check",
            r"check|effect|proof|control|test|verif|evidence that|how (?:we|it|you)|success|measure of|works|validation",
        ),
        ("owner", r"owner|\bdri\b|\bwho\b|responsib|assign|\blead\b|in charge|accountable|person|by whom"),
        ("date", r"\bdate|\beta\b|due|^by$|when|until|deadline|by when|target day|time|day|term|finish|completion"),
        ("source", r"source|record|evidence|reference|\bref\b|ticket|log|proof"),
        (
            "action",
            r"action|^ai$|change|measure|step|what|follow-?up|task|item|activity|to ?do|recommend|remedy|improvement",
        ),
        ("event", r"event|fact|happen|entry|occurrence"),
        ("status", r"status|state|progress"),
    )
)
_LONGEST_HEADER = 48
_NAME = re.compile(
    r"no\.?|#|date|when|time|who|what|owner|due|until|event|action|step|source|answer|result|check", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Cell:
    """section.text[start:end] == text; `column` is the kind of its header, "" when unknown."""

    start: int
    end: int
    text: str
    header: str
    column: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row below the header."""

    section: int
    line: int
    start: int
    end: int
    cells: tuple[Cell, ...]

    def cell(self, column: str) -> Cell | None:
        """The first cell of a kind of column."""
        return next((one for one in self.cells if one.column == column), None)


@dataclass(frozen=True, slots=True)
class Table:
    """A table of one section; `columns` are the kinds of its headers."""

    section: int
    columns: tuple[str, ...]
    headers: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def is_of_actions(self) -> bool:
        """Its columns tell what is to be done, by whom or by when; a timeline is none."""
        kinds = set(self.columns)
        return "event" not in kinds and "owner" in kinds and ("date" in kinds or "action" in kinds)


def tables_in(section: SectionText) -> tuple[Table, ...]:
    """The tables of a section, from its lines of cells."""
    found: list[Table] = []
    run: list[tuple[int, int, str]] = []
    start = 0
    for number, line in enumerate(section.text.split("\n")):
        if _is_row(section, number, line):
            run.append((number, start, line))
        elif run:
            found.append(_table(section.index, run))
            run = []
        start += len(line) + 1
    if run:
        found.append(_table(section.index, run))
    return tuple(found)


def _is_row(section: SectionText, number: int, line: str) -> bool:
    if number < len(section.line_kinds):
        return section.line_kinds[number] == "table_row"
    return line.count(_SEPARATOR) >= 1


def _table(section: int, run: Sequence[tuple[int, int, str]]) -> Table:
    first = [cell.strip() for cell in run[0][2].split(_SEPARATOR)]
    has_header = len(run) > 1 and _is_header(first)
    headers = tuple(first) if has_header else ()
    columns = _kinds(headers)
    rows = [_row(section, line, headers, columns) for line in run[1 if has_header else 0 :]]
    return Table(section, columns, headers, tuple(rows))


def _is_header(cells: Sequence[str]) -> bool:
    """Short words without figures; one cell may hold a figure ("As seen on 3 May") where another is plainly a column's name."""
    with_figures = [cell for cell in cells if any(character.isdigit() for character in cell)]
    is_short = all(len(cell) <= _LONGEST_HEADER for cell in cells)
    return is_short and (not with_figures or (len(with_figures) == 1 and any(_NAME.fullmatch(cell) for cell in cells)))


def _kinds(headers: Sequence[str]) -> tuple[str, ...]:
    """Each header gets the first kind that it fits and that no header before it has."""
    taken: list[str] = []
    for header in headers:
        kind = next((name for name, pattern in _COLUMNS if pattern.search(header) and name not in taken), "")
        taken.append(kind)
    return tuple(taken)


def _row(section: int, line: tuple[int, int, str], headers: tuple[str, ...], columns: tuple[str, ...]) -> Row:
    number, start, text = line
    cells = []
    place = start
    for index, cell in enumerate(text.split(_SEPARATOR)):
        header = headers[index] if index < len(headers) else ""
        column = columns[index] if index < len(columns) else ""
        cells.append(Cell(place, place + len(cell), cell, header, column))
        place += len(cell) + len(_SEPARATOR)
    return Row(section, number, start, start + len(text), tuple(cells))
