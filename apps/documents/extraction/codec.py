"""ExtractedText as bytes and back: what the sandboxed child answers and what is kept with a version."""

import json
import zlib
from typing import TypedDict

from apps.documents.blocks.port import Block, BlockKind, ExtractedText, FileKind, HeadingHints, Notice, Piece

ANNOTATE = "annotate"
"""What the child is told to do when it is not to read a file of some kind."""
_FORMAT = 1
_LARGEST_BYTES = 256 * 1024 * 1024

_KINDS = {kind.value: kind for kind in BlockKind}

_PieceRow = tuple[int, int, str, int]
_HintsRow = tuple[int | None, int | None, str, bool, bool, str]
_BlockRow = tuple[str, str, list[_PieceRow], _HintsRow, bool]


class TextJson(TypedDict):
    """The JSON form; rows are lists in the order of the fields."""

    format: int
    kind: str
    blocks: list[_BlockRow]
    notices: list[tuple[str, int, str]]
    page_count: int | None
    foreign_comment_count: int


def to_json(text: ExtractedText) -> TextJson:
    """The text as plain JSON values."""
    return {
        "format": _FORMAT,
        "kind": text.kind.value,
        "blocks": [_block_row(block) for block in text.blocks],
        "notices": [(notice.code, notice.count, notice.detail) for notice in text.notices],
        "page_count": text.page_count,
        "foreign_comment_count": text.foreign_comment_count,
    }


def from_json(value: TextJson) -> ExtractedText:
    """The text again; ValueError, KeyError or TypeError when the value is not one of ours."""
    if value["format"] != _FORMAT:
        raise ValueError("unknown format of the stored text")
    return ExtractedText(
        kind=FileKind(value["kind"]),
        blocks=tuple(_block(ordinal, row) for ordinal, row in enumerate(value["blocks"])),
        notices=tuple(Notice(str(code), int(count), str(detail)) for code, count, detail in value["notices"]),
        page_count=value["page_count"],
        foreign_comment_count=int(value["foreign_comment_count"]),
    )


def dump_text(text: ExtractedText) -> bytes:
    """The text, compressed."""
    return zlib.compress(json.dumps(to_json(text), ensure_ascii=False, separators=(",", ":")).encode(), 6)


def load_text(stored: bytes) -> ExtractedText:
    """What dump_text was given; ValueError for anything else."""
    inflater = zlib.decompressobj()
    try:
        plain = inflater.decompress(stored, _LARGEST_BYTES)
    except zlib.error as error:
        raise ValueError("not a stored text") from error
    if inflater.unconsumed_tail:
        raise ValueError("the stored text is too large")
    return from_json(json.loads(plain))


def _block_row(block: Block) -> _BlockRow:
    hints = block.hints
    return (
        str(block.kind),
        block.text,
        [(piece.start, piece.end, piece.path, piece.offset) for piece in block.pieces],
        (hints.style_level, hints.outline_level, hints.number_label, hints.is_bold, hints.is_caps, hints.style_name),
        block.is_quoted,
    )


def _block(ordinal: int, row: _BlockRow) -> Block:
    kind, text, pieces, hints, is_quoted = row
    return Block(
        ordinal=ordinal,
        kind=_KINDS[kind],
        text=str(text),
        pieces=tuple(Piece(*piece) for piece in pieces),
        hints=HeadingHints(*hints),
        is_quoted=bool(is_quoted),
    )
