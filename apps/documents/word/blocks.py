"""Turns paragraphs and table rows into blocks with their hints and places."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from apps.documents.blocks.errors import TooManyBlocksError
from apps.documents.blocks.port import Block, BlockKind, HeadingHints, Piece
from apps.documents.word.numbering import Numbering
from apps.documents.word.paragraph_text import ParagraphText
from apps.documents.word.styles import (
    NO_STYLE,
    PLAIN,
    ParagraphProperties,
    Style,
    format_of,
    is_monospaced_font,
    properties_of,
)

MAX_BLOCKS = 100_000
_LONGEST_FORMATTED = 120
"""Characters; bold and capitals are looked at in lines that could be a heading."""
_CELL_SEPARATOR = " | "
_NO_HINTS = HeadingHints()


class _Format(NamedTuple):
    """How all the words of a line are set."""

    is_bold: bool
    is_caps: bool
    is_monospaced: bool


_PLAIN_LINE = _Format(is_bold=False, is_caps=False, is_monospaced=False)


class BlockWriter:
    """Collects the blocks of a file, and counts what should be told."""

    def __init__(self, *, styles: dict[str, Style], default_style: str, numbering: Numbering) -> None:
        self.blocks: list[Block] = []
        self.counts: Counter[str] = Counter()
        self._styles = styles
        self._default_style = styles.get(default_style, NO_STYLE)
        self._numbering = numbering
        self._plain_hints: dict[str, HeadingHints] = {}

    def count(self, text: ParagraphText) -> None:
        """Take the paragraph's deletions, removed characters and pictures into the counts."""
        if text.deletion_count or text.removed_count or text.picture_count:
            self.counts["tracked_deletions"] += text.deletion_count
            self.counts["removed_characters"] += text.removed_count
            self.counts["pictures_not_read"] += text.picture_count

    def paragraph(self, path: str, text: ParagraphText, *, kind: BlockKind | None) -> None:
        """Add the paragraph: a block a line, one for a heading of several lines."""
        own = properties_of(text.properties)
        style, style_name = self._style(own)
        number_id = style.number_id if own.number_id is None else own.number_id
        is_listed = number_id is not None and number_id != "0"
        label = ""
        if is_listed and number_id is not None:
            # Word numbers an empty paragraph of a list too.
            level = style.number_level if own.number_level is None else own.number_level
            label = self._numbering.label(number_id, level or 0)
        full = text.text
        if not full or full.isspace():
            return
        format_ = self._format(text, style=style)
        hints = self._hints(own, format_, style=style, style_name=style_name, label=label)
        is_heading = hints.style_level is not None or hints.outline_level is not None
        own_kind = kind or (BlockKind.LIST_ITEM if is_listed and not is_heading else BlockKind.PARAGRAPH)
        is_quoted = style.is_quoted or format_.is_monospaced
        if "\n" not in full:
            self._add(own_kind, full, (Piece(0, len(full), path),), hints, is_quoted=is_quoted)
        elif is_heading:
            joined, pieces = _join([(path, text)])
            self._add(own_kind, joined, tuple(pieces), hints, is_quoted=is_quoted)
        else:
            for offset, line in _lines(full):
                self._add(own_kind, line, (Piece(0, len(line), path, offset),), hints, is_quoted=is_quoted)

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

    def _style(self, own: ParagraphProperties) -> tuple[Style, str]:
        if own.style_id is None:
            return self._default_style, self._default_style.name
        style = self._styles.get(own.style_id, NO_STYLE)
        return style, style.name or own.style_id

    def _hints(
        self, own: ParagraphProperties, format_: "_Format", *, style: Style, style_name: str, label: str
    ) -> HeadingHints:
        level = outline = None
        if not style.is_contents:
            level = style.heading_level
            outline = own.outline_level if own.says_outline else style.outline_level
        if level is None and outline is None and not (label or format_.is_bold or format_.is_caps):
            plain = self._plain_hints.get(style_name)
            if plain is None:
                plain = self._plain_hints[style_name] = HeadingHints(style_name=style_name)
            return plain
        return HeadingHints(level, outline, label, format_.is_bold, format_.is_caps, style_name)

    def _format(self, text: ParagraphText, *, style: Style) -> "_Format":
        """Of the whole line; long ones are nobody's heading and no line of a log."""
        if len(text.text) > _LONGEST_FORMATTED:
            return _PLAIN_LINE
        is_bold = is_caps = is_monospaced = True
        for atom in text.atoms:
            if atom.properties is None:
                if not (style.is_bold or style.is_caps):
                    is_bold = is_caps = is_monospaced = False
                    break
                said = PLAIN
            else:
                said = format_of(atom.properties)
            is_monospaced = is_monospaced and is_monospaced_font(said.font)
            if text.text[atom.start : atom.end].isspace():
                continue
            named = self._styles.get(said.style_id, NO_STYLE) if said.style_id is not None else NO_STYLE
            is_bold = is_bold and _first_said(said.is_bold, named.is_bold, style.is_bold)
            is_caps = is_caps and _first_said(said.is_caps, named.is_caps, style.is_caps)
            if not (is_bold or is_caps or is_monospaced):
                break
        is_caps = is_caps or text.text.isupper()
        if not (is_bold or is_caps or is_monospaced):
            return _PLAIN_LINE
        return _Format(is_bold, is_caps, is_monospaced)

    def _add(
        self, kind: BlockKind, text: str, pieces: tuple[Piece, ...], hints: HeadingHints, *, is_quoted: bool
    ) -> None:
        if len(self.blocks) >= MAX_BLOCKS:
            raise TooManyBlocksError
        self.blocks.append(Block(len(self.blocks), kind, text, pieces, hints, is_quoted))


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
