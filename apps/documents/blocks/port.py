"""What every extractor takes and gives: bytes of one file kind in, blocks in reading order out."""

from enum import StrEnum
from typing import NamedTuple, Protocol


class FileKind(StrEnum):
    """The file kinds that the product reads; found from the content, never from the name alone."""

    DOCX = "docx"
    PDF = "pdf"
    TXT = "txt"
    RTF = "rtf"


class BlockKind(StrEnum):
    """What one line of the text was in the file."""

    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE_ROW = "table_row"
    TEXT_BOX = "text_box"
    FOOTNOTE = "footnote"
    HEADER = "header"
    FOOTER = "footer"


class Piece(NamedTuple):
    """text[start:end] of a block is the text of the file's paragraph at `path`, from its character `offset` on.

    A paragraph has one piece; a table row has one a cell paragraph. Separators between cells (" | ") belong to no piece.
    """

    start: int
    end: int
    path: str
    offset: int = 0


class HeadingHints(NamedTuple):
    """What the file says about a paragraph being a heading, strongest first; nothing is decided here."""

    style_level: int | None = None
    """1-9 from a heading style (by style id, not by its translated name); None when it has none."""
    outline_level: int | None = None
    """1-9 from an outline level set on the paragraph or inherited from its style."""
    number_label: str = ""
    """The automatic number as shown ("2.1"), or "" ; typed numbers stay in the text."""
    is_bold: bool = False
    """All of its visible text is bold."""
    is_caps: bool = False
    """All of its letters are capitals, by formatting or by typing."""
    style_name: str = ""


_NO_HINTS = HeadingHints()


class Block(NamedTuple):
    """One line of the document's text, in reading order."""

    ordinal: int
    kind: BlockKind
    text: str
    pieces: tuple[Piece, ...]
    hints: HeadingHints = _NO_HINTS
    is_quoted: bool = False
    """The file's own formatting marks it as quoted or preformatted (quote style, code style)."""


class Notice(NamedTuple):
    """Something the reader should know: what was left out, changed or limited, and how often."""

    code: str
    count: int = 1  # type: ignore[assignment]  # instead of a tuple's own
    detail: str = ""


class ExtractedText(NamedTuple):
    """The whole text of a file as blocks; nothing is dropped without a notice."""

    kind: FileKind
    blocks: tuple[Block, ...]
    notices: tuple[Notice, ...] = ()
    page_count: int | None = None
    foreign_comment_count: int = 0
    """Comments that stood in the file before us."""

    @property
    def word_count(self) -> int:
        """Words separated by white space, over all blocks."""
        return sum(len(block.text.split()) for block in self.blocks)


class Extractor(Protocol):
    """Reads one file kind. Runs in the sandboxed child only."""

    def __call__(self, content: bytes) -> ExtractedText:
        """Return the text; raise a child of ExtractionError with a stable code when the file cannot be read."""
        ...
