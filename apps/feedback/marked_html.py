"""The marked lines of a section as HTML. Whatever a person wrote is escaped; the tests prove it with hostile words.

A long write-up has thousands of lines, and a template for each took most of the desk's time.
"""

from collections.abc import Iterable, Sequence

from django.utils.safestring import SafeString

from apps.feedback.marking import MarkedLine, MarkedRun
from apps.kernel.markup import filled, joined

_PARAGRAPH = '<p class="doc-line doc-line--{kind}" data-start="{start}">{runs}</p>'
_ROW = '<div class="doc-line doc-line--row" data-start="{start}" data-row>{cells}</div>'
_CELL = '<span class="doc-cell">{runs}</span>'
_CELL_BORDER = '<span class="doc-cell-border"> | </span>'
_MARK = '<a class="mark{tone}" href="#item-{first}" data-items="{all}" draggable="false">{text}</a>'


def section_html(lines: Iterable[MarkedLine]) -> SafeString:
    """The lines in order: a paragraph each, or a row of cells; their texts are the section's own, character by character."""
    return joined("\n", map(_line_html, lines))


def _line_html(line: MarkedLine) -> SafeString:
    if line.kind != "table_row":
        return filled(_PARAGRAPH, kind=line.kind, start=line.start, runs=_runs_html(line.runs))
    cells = joined(_CELL_BORDER, (filled(_CELL, runs=_runs_html(cell)) for cell in line.cells))
    return filled(_ROW, start=line.start, cells=cells)


def _runs_html(runs: Sequence[MarkedRun]) -> SafeString:
    return joined("", (_mark_html(run) if run.item_ids else run.text for run in runs))


def _mark_html(run: MarkedRun) -> SafeString:
    """It leads to its first item and names all of them."""
    tone = f" mark--{run.tone}" if run.tone else ""
    return filled(_MARK, tone=tone, first=run.item_ids[0], all=" ".join(map(str, run.item_ids)), text=run.text)
