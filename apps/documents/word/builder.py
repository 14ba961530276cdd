"""Builds a small .docx from typed blocks: reviewed exports of files that are not Word files, and write-ups for trying."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from xml.sax.saxutils import escape

from apps.documents.blocks.port import ExtractedText
from apps.documents.word.comments_part import legal
from apps.documents.word.package_templates import (
    CONTENT_TYPES,
    DOCUMENT,
    DOCUMENT_RELATIONS,
    FOOTNOTE_RELATION,
    FOOTNOTE_TYPE,
    FOOTNOTES,
    NUMBERING,
    PACKAGE_RELATIONS,
    STYLES,
)
from apps.documents.word.paths import BODY, path_of

# Between the margins of an A4 page, in twentieths of a point; Letter has more.
_TEXT_WIDTH = 9026
_DATE_TIME = (2020, 1, 1, 0, 0, 0)
"""One date for every part, so that equal blocks give equal bytes."""


class HeadingStyle(StrEnum):
    """How a heading is set."""

    STYLE = "style"
    BOLD = "bold"
    CAPS = "caps"
    NUMBERED = "numbered"
    """Its number is typed in its text."""


@dataclass(frozen=True, slots=True)
class Title:
    """The document's title."""

    text: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; `level` (1-6) matters for style alone."""

    text: str
    level: int = 1
    style: HeadingStyle = HeadingStyle.STYLE


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `is_preformatted` sets it in a fixed-width font, `footnote` is noted at its end."""

    text: str
    is_preformatted: bool = False
    footnote: str = ""


@dataclass(frozen=True, slots=True)
class Bullets:
    """A bulleted list."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Numbered:
    """A numbered list that begins at 1."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells."""

    rows: tuple[tuple[str, ...], ...]


Content = Title | Heading | Paragraph | Bullets | Numbered | Table


def build(contents: Sequence[Content]) -> bytes:
    """The .docx; equal contents give equal bytes."""
    parts: list[str] = []
    notes: list[str] = []
    list_count = 0
    for content in contents:
        if isinstance(content, Title):
            parts.append(_paragraph(content.text, style="Title"))
        elif isinstance(content, Heading):
            parts.append(_heading(content))
        elif isinstance(content, Paragraph):
            shown = _paragraph(content.text, is_preformatted=content.is_preformatted)
            if content.footnote:
                notes.append(content.footnote)
                shown = _with_reference(shown, note_id=len(notes))
            parts.append(shown)
        elif isinstance(content, Bullets):
            parts.extend(_paragraph(item, style="ListBullet", number_id=1) for item in content.items)
        elif isinstance(content, Numbered):
            list_count += 1
            parts.extend(_paragraph(item, style="ListNumber", number_id=1 + list_count) for item in content.items)
        else:
            parts.append(_table(content.rows))
    return _package("".join(parts), list_count=list_count, notes=notes)


def build_from_text(text: ExtractedText) -> tuple[bytes, dict[str, str]]:
    """A .docx with a paragraph for each line of a file without layout, and the new path of each old one; offsets stay the same."""
    parts: list[str] = []
    new_path_of: dict[str, str] = {}
    for block in text.blocks:
        for piece in block.pieces:
            new_path_of[piece.path] = path_of(BODY, len(parts))
            parts.append(_paragraph(block.text[piece.start : piece.end], is_bold=block.hints.is_bold))
    return _package("".join(parts), list_count=0), new_path_of


def _heading(heading: Heading) -> str:
    if heading.style is HeadingStyle.STYLE:
        return _paragraph(heading.text, style=f"Heading{min(max(heading.level, 1), 6)}")
    text = heading.text.upper() if heading.style is HeadingStyle.CAPS else heading.text
    return _paragraph(text, is_bold=heading.style is HeadingStyle.BOLD)


def _paragraph(
    text: str, *, style: str = "", is_bold: bool = False, is_preformatted: bool = False, number_id: int = 0
) -> str:
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    if number_id:
        properties += f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{number_id}"/></w:numPr>'
    font = '<w:rFonts w:ascii="Courier New" w:hAnsi="Courier New" w:cs="Courier New"/>' if is_preformatted else ""
    run = font + ("<w:b/>" if is_bold else "")
    shown = f"<w:pPr>{properties}</w:pPr>" if properties else ""
    return f"<w:p>{shown}<w:r>{f'<w:rPr>{run}</w:rPr>' if run else ''}{_text(text)}</w:r></w:p>"


def _with_reference(paragraph: str, *, note_id: int) -> str:
    """The paragraph with the mark of its footnote at the end."""
    reference = f'<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteReference w:id="{note_id}"/></w:r>'
    return f"{paragraph.removesuffix('</w:p>')}{reference}</w:p>"


def _footnotes(notes: Sequence[str]) -> str:
    return "".join(
        f'<w:footnote w:id="{number}"><w:p><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteRef/></w:r>'
        f'<w:r><w:t xml:space="preserve"> </w:t></w:r><w:r>{_text(note)}</w:r></w:p></w:footnote>'
        for number, note in enumerate(notes, start=1)
    )


def _text(text: str) -> str:
    lines = []
    for line in legal(text).replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        cells = [f'<w:t xml:space="preserve">{escape(cell)}</w:t>' if cell else "" for cell in line.split("\t")]
        lines.append("<w:tab/>".join(cells))
    return "<w:br/>".join(lines)


def _table(rows: Sequence[Sequence[str]]) -> str:
    columns = max((len(row) for row in rows), default=1)
    width = _TEXT_WIDTH // columns
    grid = f'<w:gridCol w:w="{width}"/>' * columns
    shown = []
    for row in rows:
        cells = [*row, *[""] * (columns - len(row))]
        shown.append(
            "".join(
                f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{_paragraph(cell)}</w:tc>' for cell in cells
            )
        )
    lines = "".join(f"<w:tr>{row}</w:tr>" for row in shown)
    whole = '<w:tblW w:w="0" w:type="auto"/>'
    # Word wants a paragraph between a table and whatever follows it.
    return f'<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/>{whole}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{lines}</w:tbl><w:p/>'


def _package(body: str, *, list_count: int, notes: Sequence[str] = ()) -> bytes:
    numbers = "".join(
        f'<w:num w:numId="{number}"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
        for number in range(2, 2 + list_count)
    )
    parts = {
        "[Content_Types].xml": CONTENT_TYPES.replace("@NOTES@", FOOTNOTE_TYPE if notes else ""),
        "_rels/.rels": PACKAGE_RELATIONS,
        "word/document.xml": DOCUMENT.replace("@BODY@", body),
        "word/_rels/document.xml.rels": DOCUMENT_RELATIONS.replace("@NOTES@", FOOTNOTE_RELATION if notes else ""),
        "word/styles.xml": STYLES,
        "word/numbering.xml": NUMBERING.replace("@NUMBERS@", numbers),
    }
    if notes:
        parts["word/footnotes.xml"] = FOOTNOTES.replace("@NOTES@", _footnotes(notes))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            entry = zipfile.ZipInfo(name, _DATE_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return out.getvalue()
