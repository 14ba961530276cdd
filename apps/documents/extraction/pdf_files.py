"""Reads the text layer of a PDF and rejoins its lines to paragraphs."""

import re
from collections.abc import Iterator

import pypdfium2

from apps.documents.blocks.errors import DamagedFileError, EncryptedFileError, NoTextError, TooManyBlocksError
from apps.documents.blocks.port import ExtractedText, FileKind, Notice
from apps.documents.extraction.line_blocks import blocks_of

MAX_PAGES = 2_000
_WRAPPED_FROM = 0.75
"""A line this full, against the page's longest, runs on in the next one unless it ends a sentence."""
_SENTENCE_END = re.compile(r"[.!?:;][\"'”’)\]]*$")
_STARTS_ANEW = re.compile(
    r"(?:[-*•▪◦‣·]\s|\d{1,3}[.)]\s|\d+(?:\.\d+)+\s|From:|To:|Sent:|Date:|Subject:|>|\d{4}-\d\d-\d\d)"
)
# pdfium marks a hyphen at a line's end with U+FFFE or U+0002.
_SOFT_END = ("\ufffe", "\x02", "\u00ad")


def read_pdf(content: bytes) -> ExtractedText:
    """The text layer, path "page/N/par/M"; raises EncryptedFileError, DamagedFileError, NoTextError (a scan) or TooManyBlocksError."""
    try:
        document = pypdfium2.PdfDocument(content)
        page_count = len(document)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise EncryptedFileError from error
        raise DamagedFileError from error
    if page_count > MAX_PAGES:
        raise TooManyBlocksError
    pages = [_page_text(document, number) for number in range(page_count)]
    if not any(page.strip() for page in pages):
        raise NoTextError
    empty_count = sum(1 for page in pages if not page.strip())
    notices = (Notice("layout_not_kept"),) + ((Notice("no_text_layer", empty_count),) if empty_count else ())
    return blocks_of(_paragraphs(pages), kind=FileKind.PDF, notices=notices, page_count=page_count)


def _page_text(document: pypdfium2.PdfDocument, number: int) -> str:
    try:
        page = document[number]
        text_page = page.get_textpage()
        text: str = text_page.get_text_range()
        text_page.close()
        page.close()
    except pypdfium2.PdfiumError as error:
        raise DamagedFileError from error
    return text


def _paragraphs(pages: list[str]) -> Iterator[tuple[str, str]]:
    for number, page in enumerate(pages):
        for index, paragraph in enumerate(rejoined(page.replace("\r\n", "\n").replace("\r", "\n").split("\n"))):
            yield f"page/{number + 1}/par/{index}", paragraph


def rejoined(lines: list[str]) -> list[str]:
    """Paragraphs from the lines of a page: full lines run on, a hyphen at a line's end joins the word."""
    longest = max((len(line.rstrip()) for line in lines), default=0)
    paragraphs: list[str] = []
    runs_on = False
    for raw in lines:
        line = raw.strip(" \t")
        if not line:
            runs_on = False
            continue
        if runs_on and not _STARTS_ANEW.match(line):
            paragraphs[-1] = _with_next(paragraphs[-1], line)
        else:
            paragraphs.append(line)
        is_full = len(line) >= _WRAPPED_FROM * longest and len(line) > 30
        runs_on = line.endswith(_SOFT_END) or (is_full and not _ends(line, longest=longest))
    return paragraphs


def _ends(line: str, *, longest: int) -> bool:
    return bool(_SENTENCE_END.search(line)) and len(line) < 0.92 * longest


def _with_next(paragraph: str, line: str) -> str:
    if paragraph.endswith(_SOFT_END):
        return paragraph[:-1] + line
    if paragraph.endswith("-") and len(paragraph) > 1 and paragraph[-2].islower() and line[:1].islower():
        return paragraph[:-1] + line
    return f"{paragraph} {line}"
