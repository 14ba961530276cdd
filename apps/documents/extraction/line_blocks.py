"""Blocks from lines of text that have no formatting."""

import re
from collections.abc import Iterable

from apps.documents.blocks.cleaning import clean_text
from apps.documents.blocks.errors import NoTextError, TooManyBlocksError
from apps.documents.blocks.port import Block, BlockKind, ExtractedText, FileKind, HeadingHints, Notice, Piece

MAX_BLOCKS = 100_000
_BULLET = re.compile(r"\s*(?:[-*•▪◦‣·–]\s+|\d{1,3}[.)]\s+(?=\S)|[a-z]\)\s+)")


def blocks_of(
    lines: Iterable[tuple[str, str]], *, kind: FileKind, notices: tuple[Notice, ...] = (), page_count: int | None = None
) -> ExtractedText:
    """The text of (path, line) pairs, a block a line that has words; raises NoTextError or TooManyBlocksError."""
    blocks: list[Block] = []
    removed_count = 0
    for path, raw in lines:
        cleaned = clean_text(raw)
        removed_count += cleaned.removed_count
        text = cleaned.text.replace("\r", " ").rstrip()
        if not text or text.isspace():
            continue
        if len(blocks) >= MAX_BLOCKS:
            raise TooManyBlocksError
        hints = HeadingHints(is_caps=text.isupper())
        block_kind = BlockKind.LIST_ITEM if _is_item(text) else BlockKind.PARAGRAPH
        blocks.append(Block(len(blocks), block_kind, text, (Piece(0, len(text), path),), hints))
    if not blocks:
        raise NoTextError
    if removed_count:
        notices = (*notices, Notice("removed_characters", removed_count))
    return ExtractedText(kind=kind, blocks=tuple(blocks), notices=notices, page_count=page_count)


def _is_item(text: str) -> bool:
    # A short numbered line without a full stop may be a heading; the sectioner decides, so it stays a paragraph.
    match = _BULLET.match(text)
    return match is not None and not match.group().strip()[0].isdigit()
