"""A table of people, as spreadsheets and hands write it, to lines: address, name, role and team in words."""

import codecs
import csv
import io
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MOST_BYTES = 256 * 1024
MOST_LINES = 1000

_DELIMITERS = ",;\t"
_FORMULA_SIGNS = ("=", "+", "-", "@")
# As people and the systems they export from call them; compared without case, space and punctuation.
_COLUMNS = {
    "email": ("email", "mail", "emailaddress", "mailaddress", "emailadresse", "mailadresse", "adresse", "address"),
    "name": ("name", "fullname", "displayname", "vollständigername", "anzeigename"),
    "first_name": ("firstname", "givenname", "vorname"),
    "last_name": ("lastname", "surname", "familyname", "nachname", "familienname"),
    "role": ("role", "rolle"),
    "team": ("team", "teams", "teamname", "group", "gruppe"),
}
_WITHOUT_HEADER = ("email", "name", "role", "team")


class UnreadableRosterError(ValueError):
    """This is no table of people. Field `problem`: one of workbook, binary, no_addresses, open_quote, empty; `line` where it is known."""

    def __init__(self, problem: str, *, line: int = 0) -> None:
        super().__init__(problem)
        self.problem = problem
        self.line = line


@dataclass(frozen=True, slots=True)
class RosterLine:
    """One person as written; `number` is the line in the file, counted from one. A word that is not there is empty."""

    number: int
    email: str
    name: str
    role: str
    team: str


def decoded(content: bytes) -> str:
    """The text of a file as Excel, Numbers and editors write it: UTF-8 or UTF-16, with or without mark, else Windows-1252.

    Raises UnreadableRosterError.
    """
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise UnreadableRosterError("workbook")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings: tuple[str, ...] = ("utf-16",)
    elif b"\x00" in content[:4]:
        # Letters of an address have a zero byte in UTF-16; where it stands says which of the two it is.
        encodings = ("utf-16-be",) if content[:1] == b"\x00" else ("utf-16-le",)
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise UnreadableRosterError("binary")


def read_roster(text: str) -> list[RosterLine]:
    """The people in the order of the lines; empty lines are left out. Raises UnreadableRosterError."""
    text = text.removeprefix("\ufeff")
    delimiter, text, skipped = _delimiter_of(text)
    rows = [(number + skipped, row) for number, row in _rows(text, delimiter) if any(row)]
    if not rows:
        raise UnreadableRosterError("empty")
    columns = _columns_of(rows[0][1])
    if columns is not None:
        rows = rows[1:]
    elif any("@" in cell for cell in rows[0][1]):
        columns = {name: place for place, name in enumerate(_WITHOUT_HEADER)}
    else:
        raise UnreadableRosterError("no_addresses", line=rows[0][0])
    if not rows:
        raise UnreadableRosterError("empty")
    return [_line(number, row, columns) for number, row in rows]


def plain_word(word: str) -> str:
    """The form in which two spellings of a role or a column are equal: without case, space and punctuation."""
    folded = unicodedata.normalize("NFKC", word).casefold()
    return "".join(letter for letter in folded if letter.isalnum())


def _delimiter_of(text: str) -> tuple[str, str, int]:
    """What parts the columns, the text without Excel's `sep=` line, and the number of lines left out."""
    first, _end, rest = text.partition("\n")
    said = first.strip().lower()
    if said.startswith("sep=") and len(said) == len("sep=") + 1:
        return said[-1], rest, 1
    if first.strip("\r").lower() == "sep=\t":
        return "\t", rest, 1
    head = next((line for line in text.splitlines() if line.strip()), "")
    return max(_DELIMITERS, key=lambda sign: (_parts(head, sign), -_DELIMITERS.index(sign))), text, 0


def _parts(line: str, delimiter: str) -> int:
    return len(next(csv.reader([line], delimiter=delimiter), []))


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Each row's cells, cleaned, with the number of the line it begins in."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for row in reader:
            yield begins, [_cell(cell) for cell in row]
            begins = reader.line_num + 1
    except csv.Error as error:
        raise UnreadableRosterError("open_quote", line=begins) from error


def _cell(raw: str) -> str:
    """What a person sees in the cell: Excel writes `="text"` to keep zeros, and an apostrophe before what is no formula."""
    cell = "".join(" " if letter.isspace() else letter for letter in raw)
    cell = "".join(letter for letter in cell if unicodedata.category(letter)[0] != "C")
    cell = " ".join(cell.split())
    if cell.startswith('="') and cell.endswith('"') and len(cell) > 2:
        cell = cell[2:-1]
    if cell.startswith("'") and cell[1:].startswith(_FORMULA_SIGNS):
        cell = cell[1:]
    return cell


def _columns_of(head: Sequence[str]) -> dict[str, int] | None:
    """Column to place, when this row names them; None for a row of people."""
    places: dict[str, int] = {}
    for place, cell in enumerate(head):
        word = plain_word(cell)
        for name, spellings in _COLUMNS.items():
            if word in spellings:
                places.setdefault(name, place)
    return places if "email" in places else None


def _line(number: int, row: Sequence[str], columns: dict[str, int]) -> RosterLine:
    def said(name: str) -> str:
        place = columns.get(name)
        return row[place] if place is not None and place < len(row) else ""

    name = said("name") or " ".join(part for part in (said("first_name"), said("last_name")) if part)
    return RosterLine(number=number, email=said("email"), name=name, role=said("role"), team=said("team"))
