"""Walks one part of a Word file in reading order and hands paragraphs and table rows to the writer."""

from collections.abc import Mapping
from itertools import count
from typing import NamedTuple

from lxml import etree

from apps.documents.blocks.port import BlockKind
from apps.documents.word.blocks import BlockWriter
from apps.documents.word.names import NAME_OF, attribute, child, chosen_branch
from apps.documents.word.paragraph_text import ParagraphText, read_paragraph
from apps.documents.word.paths import paragraphs_of, path_of

_TRANSPARENT = frozenset({"tbl", "tr", "tc", "sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"})


class Note(NamedTuple):
    """A footnote or endnote and the walk over its part."""

    walk: "PartWalk"
    element: etree._Element


NotesByPart = Mapping[str, Mapping[str, Note]]
"""Notes by part key and id."""


class PartWalk:
    """The walk over one part; `kind` overrides the kind of every block (headers, footnotes)."""

    def __init__(
        self, root: etree._Element, *, key: str, writer: BlockWriter, notes: NotesByPart, kind: BlockKind | None = None
    ) -> None:
        writer.learn(root)
        # Keeping the elements keeps lxml's proxies, so that identity is a valid key.
        self._number_of = dict(zip(paragraphs_of(root), count(), strict=False))
        self._key = key
        self._writer = writer
        self._notes = notes
        self._kind = kind
        self._notes_written: set[tuple[str, str]] = set()

    def walk(self, parent: etree._Element, *, kind: BlockKind | None = None) -> None:
        """Write everything under `parent`; `kind` as in the class."""
        kind = kind or self._kind
        for element in parent:
            name = NAME_OF.get(element.tag)
            if name == "p":
                self._paragraph(element, kind)
            elif name == "tbl":
                self._table(element, kind)
            elif name in {"sdt", "AlternateContent"}:
                branch = child(element, "sdtContent") if name == "sdt" else chosen_branch(element)
                if branch is not None:
                    self.walk(branch, kind=kind)
            elif name in {"ins", "moveTo", "customXml", "smartTag"}:
                self.walk(element, kind=kind)
            elif name in {"del", "moveFrom"}:
                self._writer.counts["tracked_deletions"] += 1
            elif name == "altChunk":
                self._writer.counts["embedded_file_not_read"] += 1

    def _paragraph(self, element: etree._Element, kind: BlockKind | None) -> None:
        text = read_paragraph(element)
        self._writer.paragraph(path_of(self._key, self._number_of[element]), text, kind=kind)
        if not text.is_plain:
            self._writer.count(text)
            self._hanging([text])

    def _table(self, table: etree._Element, kind: BlockKind | None) -> None:
        for row in _rows(table):
            if _is_deleted(row):
                self._writer.counts["tracked_deletions"] += 1
                continue
            cells: list[list[tuple[str, ParagraphText]]] = []
            for cell in _cells(row):
                reads: list[tuple[str, ParagraphText]] = []
                if not _continues_above(cell):
                    self._cell(cell, reads)
                cells.append(reads)
            self._writer.row(cells, kind=kind)
            self._hanging([text for cell in cells for _, text in cell])

    def _cell(self, parent: etree._Element, reads: list[tuple[str, ParagraphText]]) -> None:
        for element in parent:
            name = NAME_OF.get(element.tag)
            if name == "p":
                text = read_paragraph(element)
                self._writer.count(text)
                reads.append((path_of(self._key, self._number_of[element]), text))
            elif name == "AlternateContent":
                branch = chosen_branch(element)
                if branch is not None:
                    self._cell(branch, reads)
            elif name in _TRANSPARENT and not _is_left_out(element, name):
                self._cell(element, reads)

    def _hanging(self, texts: list[ParagraphText]) -> None:
        """Text boxes and notes that hang on the paragraphs, right after them."""
        for text in texts:
            for box in text.text_boxes:
                self.walk(box, kind=self._kind or BlockKind.TEXT_BOX)
            for reference in text.note_references:
                found = self._notes.get(reference[0], {}).get(reference[1])
                if found is not None and reference not in self._notes_written:
                    self._notes_written.add(reference)
                    found.walk.walk(found.element)


def _rows(table: etree._Element) -> list[etree._Element]:
    rows: list[etree._Element] = []
    for element in table:
        name = NAME_OF.get(element.tag)
        if name == "tr":
            rows.append(element)
        elif name in {"sdt", "sdtContent", "customXml", "ins"}:
            rows.extend(_rows(element))
    return rows


def _cells(row: etree._Element) -> list[etree._Element]:
    cells: list[etree._Element] = []
    for element in row:
        name = NAME_OF.get(element.tag)
        if name == "tc":
            cells.append(element)
        elif name in {"sdt", "sdtContent", "customXml", "ins"}:
            cells.extend(_cells(element))
    return cells


def _is_left_out(element: etree._Element, name: str | None) -> bool:
    return (name == "tc" and _continues_above(element)) or (name == "tr" and _is_deleted(element))


def _is_deleted(row: etree._Element) -> bool:
    return child(child(row, "trPr"), "del") is not None


def _continues_above(cell: etree._Element) -> bool:
    merge = child(child(cell, "tcPr"), "vMerge")
    return merge is not None and attribute(merge, "val") != "restart"
