"""Turns paragraphs and table rows into blocks with their hints and places."""

from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from lxml import etree

from apps.documents.blocks.errors import TooManyBlocksError
from apps.documents.blocks.port import Block, BlockKind, HeadingHints, Piece
from apps.documents.word.formatting import paragraph_properties, run_formats
from apps.documents.word.numbering import Numbering
from apps.documents.word.paragraph_text import ParagraphText
from apps.documents.word.styles import (
    NO_STYLE,
    PLAIN,
    SILENT,
    ParagraphProperties,
    RunFormat,
    Style,
    is_monospaced_font,
)

MAX_BLOCKS = 100_000
_LONGEST_FORMATTED = 120
"""Characters; bold, capitals and the font are looked at in lines that could be a heading or a log's."""
_CELL_SEPARATOR = " | "
_NO_HINTS = HeadingHints()


class _Format(NamedTuple):
    """How all the words of a line are set."""

    is_bold: bool
    is_caps: bool
    is_monospaced: bool


class _Setting(NamedTuple):
    """What a paragraph's own properties and its style come to together."""

    style: Style
    number_id: str | None
    """The list that it counts in."""
    number_level: int
    is_heading: bool
    kind: BlockKind
    hints: HeadingHints
    """Without what only the text's own formatting and the count say."""


_PLAIN_LINE = _Format(is_bold=False, is_caps=False, is_monospaced=False)
# A block a line: without the call of a constructor in Python.
_new_block, _new_piece = partial(tuple.__new__, Block), partial(tuple.__new__, Piece)


class BlockWriter:
    """Collects the blocks of a file, and counts what should be told."""

    def __init__(self, *, styles: dict[str, Style], default_style: str, numbering: Numbering) -> None:
        self.blocks: list[Block] = []
        self.counts: Counter[str] = Counter()
        self._styles = styles
        self._default_style = styles.get(default_style, NO_STYLE)
        self._numbering = numbering
        self._format_of: dict[etree._Element | None, RunFormat] = {}
        self._setting_of: dict[etree._Element | None, _Setting] = {}
        self._silent = self._setting(SILENT)

    def learn(self, root: etree._Element) -> None:
        """Take in how a part is formatted; to be called before its paragraphs are written."""
        self._format_of.update(run_formats(root))
        known: dict[ParagraphProperties, _Setting] = {}
        for element, own in paragraph_properties(root).items():
            setting = known.get(own)
            if setting is None:
                setting = known[own] = self._setting(own)
            self._setting_of[element] = setting

    def count(self, text: ParagraphText) -> None:
        """Take the paragraph's deletions, removed characters and pictures into the counts."""
        if text.deletion_count or text.removed_count or text.picture_count:
            self.counts["tracked_deletions"] += text.deletion_count
            self.counts["removed_characters"] += text.removed_count
            self.counts["pictures_not_read"] += text.picture_count

    def paragraph(self, path: str, text: ParagraphText, *, kind: BlockKind | None) -> None:
        """Add the paragraph: a block a line, one for a heading of several lines."""
        setting = self._setting_of.get(text.properties, self._silent)
        # Word numbers an empty paragraph of a list too.
        label = self._numbering.label(setting.number_id, setting.number_level) if setting.number_id is not None else ""
        full = text.text
        if not full or full.isspace():
            return
        format_ = self._format(text, style=setting.style) if len(full) <= _LONGEST_FORMATTED else _PLAIN_LINE
        hints = setting.hints
        if label or format_ is not _PLAIN_LINE:
            level, outline, _, _, _, name = hints
            hints = HeadingHints(level, outline, label, format_.is_bold, format_.is_caps, name)
        kind = kind or setting.kind
        is_quoted = setting.style.is_quoted or format_.is_monospaced
        if "\n" not in full:
            self._add(kind, full, (_new_piece((0, len(full), path, 0)),), hints, is_quoted=is_quoted)
        elif setting.is_heading:
            joined, pieces = _join([(path, text)])
            self._add(kind, joined, tuple(pieces), hints, is_quoted=is_quoted)
        else:
            for offset, line in _lines(full):
                self._add(kind, line, (Piece(0, len(line), path, offset),), hints, is_quoted=is_quoted)

    def row(self, cells: Sequence[Sequence[tuple[str, ParagraphText]]], *, kind: BlockKind | None) -> None:
        """Add a table row; one without words gives no block."""
        texts: list[str] = []
        pieces: list[Piece] = []
        at = 0
        for cell in cells:
            joined, own = _join(cell)
            pieces.extend(Piece(at + one.start, at + one.end, one.path, one.offset) for one in own)
            texts.append(joined)
            at += len(joined) + len(_CELL_SEPARATOR)
        if pieces:
            self._add(
                kind or BlockKind.TABLE_ROW, _CELL_SEPARATOR.join(texts), tuple(pieces), _NO_HINTS, is_quoted=False
            )

    def forget_repeats(self, mark: int, known: set[str]) -> None:
        """Drop the blocks from index `mark` on whose text is in `known`."""
        kept = [block for block in self.blocks[mark:] if block.text not in known]
        del self.blocks[mark:]
        for block in kept:
            self._add(block.kind, block.text, block.pieces, block.hints, is_quoted=block.is_quoted)

    def _setting(self, own: ParagraphProperties) -> _Setting:
        if own.style_id is None:
            style, style_name = self._default_style, self._default_style.name
        else:
            style = self._styles.get(own.style_id, NO_STYLE)
            style_name = style.name or own.style_id
        number_id = style.number_id if own.number_id is None else own.number_id
        number_level = style.number_level if own.number_level is None else own.number_level
        is_listed = number_id is not None and number_id != "0"
        level = outline = None
        if not style.is_contents:
            level = style.heading_level
            outline = own.outline_level if own.says_outline else style.outline_level
        is_heading = level is not None or outline is not None
        return _Setting(
            style=style,
            number_id=number_id if is_listed else None,
            number_level=number_level or 0,
            is_heading=is_heading,
            kind=BlockKind.LIST_ITEM if is_listed and not is_heading else BlockKind.PARAGRAPH,
            hints=HeadingHints(level, outline, style_name=style_name),
        )

    def _format(self, text: ParagraphText, *, style: Style) -> "_Format":
        full = text.text
        is_bold = is_caps = is_monospaced = True
        for atom in text.atoms:
            said = self._format_of.get(atom.properties, PLAIN)
            if said is PLAIN and not (style.is_bold or style.is_caps):
                if atom.properties is not None and full[atom.start : atom.end].isspace():
                    is_monospaced = False
                    continue
                is_bold = is_caps = is_monospaced = False
                break
            is_monospaced = is_monospaced and is_monospaced_font(said.font)
            if full[atom.start : atom.end].isspace():
                continue
            named = self._styles.get(said.style_id, NO_STYLE) if said.style_id is not None else NO_STYLE
            is_bold = is_bold and _first_said(said.is_bold, named.is_bold, style.is_bold)
            is_caps = is_caps and _first_said(said.is_caps, named.is_caps, style.is_caps)
            if not (is_bold or is_caps or is_monospaced):
                break
        is_caps = is_caps or full.isupper()
        if not (is_bold or is_caps or is_monospaced):
            return _PLAIN_LINE
        return _Format(is_bold, is_caps, is_monospaced)

    def _add(
        self, kind: BlockKind, text: str, pieces: tuple[Piece, ...], hints: HeadingHints, *, is_quoted: bool
    ) -> None:
        ordinal = len(self.blocks)
        if ordinal >= MAX_BLOCKS:
            raise TooManyBlocksError
        self.blocks.append(_new_block((ordinal, kind, text, pieces, hints, is_quoted)))


def _lines(text: str) -> list[tuple[int, str]]:
    """The lines that hold words, each with its offset."""
    lines = []
    at = 0
    for line in text.split("\n"):
        if line and not line.isspace():
            lines.append((at, line))
        at += len(line) + 1
    return lines


def _join(reads: Sequence[tuple[str, ParagraphText]]) -> tuple[str, list[Piece]]:
    texts: list[str] = []
    pieces: list[Piece] = []
    at = 0
    for path, read in reads:
        for offset, line in _lines(read.text):
            texts.append(line)
            pieces.append(Piece(at, at + len(line), path, offset))
            at += len(line) + 1
    return " ".join(texts), pieces


def _first_said(*said: bool | None) -> bool:
    return next((one for one in said if one is not None), False)
