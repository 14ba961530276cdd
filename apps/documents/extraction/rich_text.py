"""Reads RTF as lines; its layout is not kept."""

import re

from striprtf.striprtf import rtf_to_text

from apps.documents.blocks.errors import DamagedFileError
from apps.documents.blocks.port import ExtractedText, FileKind, Notice
from apps.documents.extraction.line_blocks import blocks_of

_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
# A list's typed-out number or bullet; kept as text, because RTF has no other that striprtf would give.
_LIST_TEXT = re.compile(r"\{\\(?:\*\\)?pntext((?:[^{}\\]|\\[^{}])*)\}")
_BULLET_CODE = re.compile(r"\\'b7|\\bullet\b|\\u8226\s?\??|\\'95")
_LAYOUT = (Notice("layout_not_kept"),)


def read_rich_text(content: bytes) -> ExtractedText:
    """The text, a block a line, path "line/N"; raises DamagedFileError, NoTextError or TooManyBlocksError."""
    source = _LIST_TEXT.sub(_shown_list_text, content.decode("latin-1"))
    try:
        text: str = rtf_to_text(source, encoding="cp1252", errors="replace")  # type: ignore[no-untyped-call]
    except (ValueError, IndexError, KeyError, LookupError, TypeError, AttributeError, OverflowError) as error:
        raise DamagedFileError from error
    text = _PAIR.sub(_joined_pair, text)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return blocks_of(
        ((f"line/{number}", line.strip("\t ")) for number, line in enumerate(lines)), kind=FileKind.RTF, notices=_LAYOUT
    )


def _shown_list_text(match: "re.Match[str]") -> str:
    inner = match.group(1)
    if _BULLET_CODE.search(inner):
        return "{\\u8226 ? }"
    shown = re.sub(r"\\[a-z]+-?\d* ?", "", inner).strip()
    return f"{{{shown} }}" if shown else ""


def _joined_pair(match: "re.Match[str]") -> str:
    return match.group().encode("utf-16-le", "surrogatepass").decode("utf-16-le")
