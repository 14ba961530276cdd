"""Tables for spreadsheets, in which no cell is ever a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def harmless(cell: str) -> str:
    """The cell as text also for a spreadsheet that would calculate it (OWASP, CSV injection)."""
    return f"'{cell}" if cell.startswith(_FORMULA_SIGNS) else cell


def as_table(rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with a mark, so that Excel reads it as such; every cell quoted where it must be, and harmless."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")
