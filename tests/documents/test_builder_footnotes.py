"""Footnotes in Word files that we build: part, mark and text, and none where there is no note."""

import io
import zipfile

import docx

from apps.documents.blocks.port import BlockKind
from apps.documents.word.builder import Paragraph, build
from apps.documents.word.reader import read_word


def test_a_footnote_is_read_back_after_its_paragraph_and_opens_elsewhere() -> None:
    content = build(
        [Paragraph("First.", footnote="See A & B."), Paragraph("Second."), Paragraph("Third.", footnote="C")]
    )
    blocks = [(block.kind, block.text.strip()) for block in read_word(content).blocks]
    assert blocks == [
        (BlockKind.PARAGRAPH, "First."),
        (BlockKind.FOOTNOTE, "See A & B."),
        (BlockKind.PARAGRAPH, "Second."),
        (BlockKind.PARAGRAPH, "Third."),
        (BlockKind.FOOTNOTE, "C"),
    ]
    assert [one.text for one in docx.Document(io.BytesIO(content)).paragraphs] == ["First.", "Second.", "Third."]


def test_without_a_note_there_is_no_footnotes_part() -> None:
    names = zipfile.ZipFile(io.BytesIO(build([Paragraph("First.")]))).namelist()
    assert "word/footnotes.xml" not in names
