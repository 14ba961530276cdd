"""Writes an archive anew with some parts replaced; every other part is copied as it lies there, packed and unseen."""

import struct
import zipfile
from collections.abc import Mapping
from copy import copy
from typing import IO

from apps.documents.blocks.errors import DamagedFileError

_LOCAL_HEAD = struct.Struct("<4s5H3L2H")


def rewrite(out: IO[bytes], content: bytes, *, archive: zipfile.ZipFile, replaced: Mapping[str, bytes]) -> None:
    """Write the archive of these bytes with the parts in `replaced`, old or new; the order of the old parts stays.

    A part that is not replaced keeps its packed bytes, so that one that could not be unpacked is no worse than before.
    """
    new = dict(replaced)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in archive.infolist():
            data = new.pop(entry.filename, None)
            if data is None:
                _copy(content, entry, target=target, out=out)
            else:
                target.writestr(_described(entry), data)
        for name, data in new.items():
            added = zipfile.ZipInfo(name, archive.infolist()[0].date_time)
            added.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(added, data)


def _described(entry: zipfile.ZipInfo) -> zipfile.ZipInfo:
    described = zipfile.ZipInfo(entry.filename, entry.date_time)
    described.compress_type = zipfile.ZIP_DEFLATED
    described.external_attr, described.comment, described.create_system = (
        entry.external_attr,
        entry.comment,
        entry.create_system,
    )
    return described


def _copy(content: bytes, entry: zipfile.ZipInfo, *, target: zipfile.ZipFile, out: IO[bytes]) -> None:
    head = content[entry.header_offset : entry.header_offset + _LOCAL_HEAD.size]
    if len(head) != _LOCAL_HEAD.size or head[:4] != b"PK\x03\x04":
        raise DamagedFileError
    *_, name_length, extra_length = _LOCAL_HEAD.unpack(head)
    start = entry.header_offset + _LOCAL_HEAD.size + name_length + extra_length
    copied = copy(entry)
    # Its sizes stand in the new head; a descriptor after the data is not needed.
    copied.flag_bits &= ~0x08
    copied.extra = b""
    copied.header_offset = out.seek(target.start_dir)
    out.write(copied.FileHeader(zip64=False))
    out.write(memoryview(content)[start : start + entry.compress_size])
    target.filelist.append(copied)
    target.NameToInfo[copied.filename] = copied
    target.start_dir = out.tell()
    target._didModify = True  # type: ignore[attr-defined]  # noqa: SLF001 - zipfile copies no entry unpacked itself
