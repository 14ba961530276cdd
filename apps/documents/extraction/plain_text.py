"""Reads plain text in whatever encoding it comes."""

import codecs

from charset_normalizer import from_bytes

from apps.documents.blocks.errors import DamagedFileError
from apps.documents.blocks.port import ExtractedText, FileKind, Notice
from apps.documents.extraction.line_blocks import blocks_of
from apps.documents.extraction.wrapped_lines import rejoined

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_GUESSED_FROM_BYTES = 256 * 1024
ENCODINGS = (
    *("utf_8_sig", "utf_16", "utf_16_le", "utf_16_be", "utf_32"),
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp874"),
    *("latin_1", "iso8859_2", "iso8859_5", "iso8859_7", "iso8859_8", "iso8859_9", "iso8859_15"),
    *("koi8_r", "koi8_u", "cp437", "cp850", "cp852", "cp866", "mac_roman", "mac_cyrillic"),
    *("cp932", "shift_jis", "euc_jp", "iso2022_jp", "gb18030", "gbk", "big5", "cp949", "euc_kr", "johab"),
)
"""What text comes in. Loaded before a file is touched: a shut-in reader cannot load anything later."""


def read_plain_text(content: bytes) -> ExtractedText:
    """The text, a block a paragraph, path "line/N" of its first line; raises NoTextError, TooManyBlocksError or DamagedFileError."""
    text, encoding = _decoded(content)
    notices = () if encoding.startswith("utf") else (Notice("encoding_guessed", 1, encoding),)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").split("\n")
    return blocks_of(
        ((f"line/{number}", paragraph) for number, paragraph in rejoined(lines)), kind=FileKind.TXT, notices=notices
    )


def _decoded(content: bytes) -> tuple[str, str]:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, "replace"), encoding
    half = len(content) // 2
    if half and content[1:4096:2].count(0) > 0.7 * min(half, 2048):
        return content.decode("utf-16-le", "replace"), "utf-16"
    if half and content[0:4096:2].count(0) > 0.7 * min(half, 2048):
        return content.decode("utf-16-be", "replace"), "utf-16"
    try:
        return content.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        best = from_bytes(content[:_GUESSED_FROM_BYTES], cp_isolation=list(ENCODINGS)).best()
    encoding = best.encoding if best is not None else "cp1252"
    try:
        return content.decode(encoding, "replace"), encoding
    except LookupError as error:
        raise DamagedFileError from error
