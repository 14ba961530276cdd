"""Turns paragraphs and table rows into blocks with their hints and places."""

from collections import Counter
from collections.abc import Sequence

from lxml import etree

from apps.documents.blocks.errors import TooManyBlocksError
from apps.documents.blocks.port import Block, BlockKind, HeadingHints, Piece
from apps.documents.word.names import attribute, child, is_on
from apps.documents.word.numbering import Numbering
from apps.documents.word.paragraph_text import ParagraphText
from apps.documents.word.styles import NO_STYLE, Style, is_monospaced, numbering_of, outline_level_of

MAX_BLOCKS = 100_000
_LONGEST_FORMATTED = 300
"""Characters; bold and capitals are looked at in lines that could be a heading."""
_CELL_SEPARATOR = " | "
_NO_HINTS = HeadingHints()


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
        """Take the paragraph's deletions, hidden runs, removed characters and pictures into the counts."""
        if text.deletion_count or text.hidden_count or text.removed_count or text.picture_count:
            self.counts["tracked_deletions"] += text.deletion_count
            self.counts["hidden_text"] += text.hidden_count
            self.counts["removed_characters"] += text.removed_count
            self.counts["pictures_not_read"] += text.picture_count

    def paragraph(self, path: str, element: etree._Element, text: ParagraphText, *, kind: BlockKind | None) -> None:
        """Add the paragraph: a block a line, one for a heading of several lines."""
        properties = child(element, "pPr")
        style, style_name = self._style(properties)
        number_id, level = numbering_of(properties) if properties is not None else (None, None)
        number_id = style.number_id if number_id is None else number_id
        level = style.number_level if level is None else level
        is_listed = number_id is not None and number_id != "0"
        # Word numbers an empty paragraph of a list too.
        label = self._numbering.label(number_id, level or 0) if is_listed and number_id is not None else ""
        full = text.text
        if not full or full.isspace():
            return
        hints = self._hints(properties, text, style=style, style_name=style_name, label=label)
        is_heading = hints.style_level is not None or hints.outline_level is not None
        own_kind = kind or (BlockKind.LIST_ITEM if is_listed and not is_heading else BlockKind.PARAGRAPH)
        is_quoted = style.is_quoted or (len(full) <= _LONGEST_FORMATTED and _is_monospaced(text))
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

    def _style(self, properties: etree._Element | None) -> tuple[Style, str]:
        element = child(properties, "pStyle")
        if element is None:
            return self._default_style, self._default_style.name
        style_id = attribute(element, "val") or ""
        style = self._styles.get(style_id, NO_STYLE)
        return style, style.name or style_id

    def _hints(
        self, properties: etree._Element | None, text: ParagraphText, *, style: Style, style_name: str, label: str
    ) -> HeadingHints:
        outline = outline_level_of(properties) if properties is not None else None
        if outline is None and not (properties is not None and child(properties, "outlineLvl") is not None):
            outline = style.outline_level
        level = None if style.is_contents else style.heading_level
        if style.is_contents:
            outline = None
        is_bold = is_caps = False
        if len(text.text) <= _LONGEST_FORMATTED:
            is_bold = self._all(text, "b", inherited=style.is_bold)
            is_caps = _typed_caps(text.text) or self._all(text, "caps", inherited=style.is_caps)
        if level is None and outline is None and not (label or is_bold or is_caps):
            plain = self._plain_hints.get(style_name)
            if plain is None:
                plain = self._plain_hints[style_name] = HeadingHints(style_name=style_name)
            return plain
        return HeadingHints(level, outline, label, is_bold, is_caps, style_name)

    def _all(self, text: ParagraphText, switch: str, *, inherited: bool | None) -> bool:
        for atom in text.atoms:
            if text.text[atom.start : atom.end].isspace():
                continue
            properties = child(atom.host, "rPr")
            said = is_on(child(properties, switch))
            if said is None and properties is not None:
                run_style = child(properties, "rStyle")
                if run_style is not None:
                    named = self._styles.get(attribute(run_style, "val") or "", NO_STYLE)
                    said = named.is_bold if switch == "b" else named.is_caps
            if not (inherited if said is None else said):
                return False
        return True

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


def _typed_caps(text: str) -> bool:
    return text.isupper()


def _is_monospaced(text: ParagraphText) -> bool:
    for atom in text.atoms:
        fonts = child(child(atom.host, "rPr"), "rFonts")
        if fonts is None or not is_monospaced(attribute(fonts, "ascii") or ""):
            return False
    return bool(text.atoms)
