"""Looks at a zip archive before anything in it is unpacked, and at its XML before anything in it is parsed."""

import io
import re
import stat
import zipfile
import zlib

from apps.documents.blocks.errors import (
    ArchiveLimitsError,
    DamagedFileError,
    EncryptedFileError,
    UnsafeArchiveError,
    XmlForbiddenError,
)

MAX_ENTRIES = 5_000
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_XML_PART_BYTES = 100 * 1024 * 1024
MAX_RATIO = 500
"""Unpacked to packed. Word's XML packs 10 to 60 times; long repetitions reach 1,000."""
RATIO_MATTERS_FROM_BYTES = 30 * 1024 * 1024
_ENCRYPTED_FLAG = 0x1
_DECLARATION = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def open_archive(content: bytes) -> zipfile.ZipFile:
    """The archive, once its directory is within all limits; raises ArchiveLimitsError, UnsafeArchiveError, EncryptedFileError
    or DamagedFileError.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, ValueError, OSError) as error:
        raise DamagedFileError from error
    if len(entries) > MAX_ENTRIES:
        raise ArchiveLimitsError
    # Programs disagree on which of two equal names counts, and Word ignores case.
    if len({entry.filename.lower() for entry in entries}) != len(entries):
        raise UnsafeArchiveError
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise ArchiveLimitsError
    for entry in entries:
        _check_entry(entry)
    _check_no_overlap(entries, size=len(content))
    return archive


def read_part(archive: zipfile.ZipFile, name: str) -> bytes:
    """The part's bytes, never more than its directory entry promised; raises DamagedFileError or ArchiveLimitsError."""
    promised = archive.getinfo(name).file_size
    if promised > MAX_XML_PART_BYTES:
        raise ArchiveLimitsError
    try:
        with archive.open(name) as part:
            data = part.read(promised + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise DamagedFileError from error
    if len(data) > promised:
        raise ArchiveLimitsError
    return data


def read_xml_part(archive: zipfile.ZipFile, name: str) -> bytes:
    """Like read_part, for XML: raises XmlForbiddenError when it declares a document type or an entity."""
    data = read_part(archive, name)
    refuse_declarations(data)
    return data


def refuse_declarations(data: bytes) -> None:
    """Raise XmlForbiddenError for a DOCTYPE or ENTITY, in any of the encodings that XML parsers detect."""
    # A declaration in another encoding would slip past a search of the bytes: "<" and NUL, or EBCDIC's "<".
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\x00" in data[:4] or data[:2] == b"\x4c\x6f":
        try:
            searched = data.decode("utf-16").encode("utf-8", "replace")
        except UnicodeDecodeError as error:
            raise XmlForbiddenError from error
        # Four bytes a letter, with or without a mark, would read as a letter and a NUL.
        if data[:2] not in {b"\xff\xfe", b"\xfe\xff"} or data[2:4] == b"\x00\x00":
            raise XmlForbiddenError
    else:
        searched = data
    # A search for one byte passes over a large part many times faster than one for two of which the first is everywhere.
    if b"!" in searched and b"<!" in searched and _DECLARATION.search(searched):
        raise XmlForbiddenError


def _check_entry(entry: zipfile.ZipInfo) -> None:
    path = entry.filename.replace("\\", "/")
    is_link = stat.S_ISLNK(entry.external_attr >> 16)
    if path.startswith("/") or ".." in path.split("/") or is_link or ":" in entry.filename:
        raise UnsafeArchiveError
    if entry.flag_bits & _ENCRYPTED_FLAG:
        raise EncryptedFileError
    is_xml = entry.filename.endswith((".xml", ".rels"))
    if is_xml and entry.file_size > MAX_XML_PART_BYTES:
        raise ArchiveLimitsError
    if entry.file_size > RATIO_MATTERS_FROM_BYTES and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
        raise ArchiveLimitsError


def _check_no_overlap(entries: list[zipfile.ZipInfo], *, size: int) -> None:
    end = 0
    for entry in sorted(entries, key=lambda one: one.header_offset):
        if entry.header_offset < end:
            raise UnsafeArchiveError
        end = entry.header_offset + 30 + entry.compress_size
    if end > size:
        raise DamagedFileError
