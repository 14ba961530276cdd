"""Finds out what a file is from its content; the name only words the refusal."""

import io
import zipfile
from pathlib import PurePosixPath
from typing import IO

from apps.documents.blocks.errors import (
    DamagedFileError,
    EmptyFileError,
    EncryptedFileError,
    ExtractionError,
    MacroFileError,
    NotAWordFileError,
    UnsupportedFileError,
)
from apps.documents.blocks.port import FileKind

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEAD_BYTES = 64 * 1024
_LARGEST_CONTENT_TYPES = 1024 * 1024
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_WORD_MAIN = b"wordprocessingml.document.main+xml"
_OTHER_WORD_MAIN = (b"wordprocessingml.template.main+xml",)
_MARKUP = (b"<!doctype html", b"<html", b"<?xml", b"<svg", b"<script")
_BINARY_HEADS = (
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"7z\xbc\xaf",
    b"Rar!",
    b"\x7fELF",
    b"MZ",
    b"BM",
    b"II*\x00",
    b"%!PS",
)
_MOST_CONTROLS = 0.02
_NEVER_PLAIN_TEXT = frozenset(
    {
        ".pdf",
        ".rtf",
        ".odt",
        ".pages",
        ".xls",
        ".xlsx",
        ".ppt",
        ".pptx",
        ".zip",
        ".html",
        ".htm",
        ".xml",
        ".svg",
        ".exe",
    }
)
"""Text under such a name is not what its sender thinks it is."""


def sniff(content: bytes | IO[bytes], *, file_name: str = "") -> FileKind:
    """The kind of the content (bytes or a seekable file). Raises a child of ExtractionError for what the product does not read."""
    file = io.BytesIO(content) if isinstance(content, bytes | bytearray) else content
    file.seek(0)
    head = file.read(_HEAD_BYTES)
    if not head:
        raise EmptyFileError
    is_called_word = PurePosixPath(file_name.lower()).suffix in {".docx", ".doc", ".docm", ".dotx", ".dotm"}
    if head.startswith(_OLE):
        raise _refusal_of_ole(file)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _kind_of_zip(file, is_called_word=is_called_word)
    if b"%PDF-" in head[:1024]:
        return FileKind.PDF
    if head.lstrip().startswith(b"{\\rtf"):
        return FileKind.RTF
    if is_called_word:
        raise NotAWordFileError
    if PurePosixPath(file_name.lower()).suffix in _NEVER_PLAIN_TEXT:
        raise UnsupportedFileError
    if not _looks_like_text(head):
        raise UnsupportedFileError
    return FileKind.TXT


def _refusal_of_ole(file: IO[bytes]) -> ExtractionError:
    # The directory of a compound file may stand anywhere in it.
    file.seek(0)
    previous = b""
    while chunk := file.read(1024 * 1024):
        if _ENCRYPTED_STREAM in previous + chunk:
            return EncryptedFileError()
        previous = chunk[-len(_ENCRYPTED_STREAM) :]
    return NotAWordFileError()


def _kind_of_zip(file: IO[bytes], *, is_called_word: bool) -> FileKind:
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            names = set(archive.namelist())
            if "[Content_Types].xml" not in names:
                raise NotAWordFileError if is_called_word else UnsupportedFileError
            entry = archive.getinfo("[Content_Types].xml")
            if entry.flag_bits & 0x1:
                raise EncryptedFileError
            with archive.open(entry) as part:
                types = part.read(_LARGEST_CONTENT_TYPES)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError) as error:
        raise DamagedFileError from error
    if b"macroEnabled" in types or any(name.lower().endswith("vbaproject.bin") for name in names):
        raise MacroFileError
    if _WORD_MAIN in types or any(main in types for main in _OTHER_WORD_MAIN):
        return FileKind.DOCX
    raise NotAWordFileError if is_called_word else UnsupportedFileError


def _looks_like_text(head: bytes) -> bool:
    if head.startswith(_BINARY_HEADS):
        return False
    start = head[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(_MARKUP):
        return False
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or _is_plain_utf16(head):
        return True
    controls = sum(byte < 9 or 13 < byte < 32 for byte in head)
    return controls <= max(4, _MOST_CONTROLS * len(head))


def _is_plain_utf16(head: bytes) -> bool:
    pairs = len(head) // 2
    if pairs < 2:
        return False
    return head[1 : 2 * pairs : 2].count(0) > 0.7 * pairs or head[0 : 2 * pairs : 2].count(0) > 0.7 * pairs
