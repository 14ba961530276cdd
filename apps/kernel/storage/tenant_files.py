"""Files of the current tenant: encrypted before they are written, under a key that names the tenant, opened only by it."""

import hashlib
import os
import re
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import IO
from uuid import UUID

from django.conf import settings
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, Storage, default_storage

from apps.kernel.errors import NotFoundError, UnavailableError, gettext_noop
from apps.kernel.storage.encryption import decrypted_chunks, encrypted_chunks, read_wrapped_key
from apps.kernel.storage.key_providers import current_key_provider
from apps.kernel.storage.object_keys import key_for, tenant_prefix
from apps.kernel.tenancy.context import current_tenant

_SPOOL_BYTES = 4 * 1024 * 1024
# As object_keys.key_for makes them; nothing else is a file of ours.
_BELOW_PREFIX = re.compile(r"[^\W\d]\w*/[0-9a-f-]{36}/[0-9a-f-]{36}", re.ASCII)


class StorageFullError(UnavailableError):
    """There is no room, or the storage cannot be written."""

    code = "storage_unavailable"
    sentence = gettext_noop(
        "The file could not be stored: the storage is full or away. Nothing was saved; please try again."
    )
    http_status = 507


class StorageAwayError(UnavailableError):
    """The storage does not answer, or does not let us read."""

    code = "storage_away"
    sentence = gettext_noop("The stored file cannot be read just now. Please try again.")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What was written: the full key to keep in a row, and the content's own size in bytes and SHA-256."""

    key: str
    size: int
    sha256: str


class _Measured:
    """Counts and hashes what passes through."""

    def __init__(self, content: IO[bytes]) -> None:
        self._content = content
        self.size = 0
        self._digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._content.read(size)
        self.size += len(data)
        self._digest.update(data)
        return data

    def sha256(self) -> str:
        return self._digest.hexdigest()


def store(kind: str, object_id: UUID, content: IO[bytes]) -> StoredFile:
    """Encrypt and write `content`, a chunk at a time; StorageFullError when it cannot be written, and then nothing is left behind."""
    key = key_for(kind, object_id)
    data_key = os.urandom(32)
    wrapped = current_key_provider().wrap(data_key, context=str(current_tenant().id))
    measured = _Measured(content)
    try:
        with tempfile.SpooledTemporaryFile(max_size=_SPOOL_BYTES, dir=_scratch()) as sealed:
            for chunk in encrypted_chunks(measured, data_key=data_key, wrapped_key=wrapped, object_key=key):  # type: ignore[arg-type]
                sealed.write(chunk)
            sealed.seek(0)
            default_storage.save(key, File(sealed))
    except OSError as error:
        with suppress(OSError):
            default_storage.delete(key)
        raise StorageFullError from error
    return StoredFile(key=key, size=measured.size, sha256=measured.sha256())


@contextmanager
def open_stored(key: str) -> Iterator[IO[bytes]]:
    """The content as a file that can be read and sought; NotFoundError for another tenant's key or a missing file."""
    _refuse_foreign(key)
    with tempfile.SpooledTemporaryFile(max_size=_SPOOL_BYTES, dir=_scratch()) as plain:
        for chunk in stored_chunks(key):
            plain.write(chunk)
        plain.seek(0)
        yield plain


class StoredChunks:
    """The content of a stored file, about a megabyte at a time. It has begun: whatever kept it from opening was raised before."""

    def __init__(self, first: bytes, rest: Generator[bytes, None, None]) -> None:
        self._first: bytes | None = first
        self._rest = rest

    def __iter__(self) -> "StoredChunks":
        return self

    def __next__(self) -> bytes:
        first, self._first = self._first, None
        return next(self._rest) if first is None else first

    def close(self) -> None:
        """Let go of the file, also when it was not read to its end."""
        self._rest.close()


def stored_chunks(key: str) -> StoredChunks:
    """The content for a download, opened before an answer is begun.

    Raises NotFoundError as open_stored, StorageAwayError, KeyUnavailableError, and StoredFileDamagedError for a damaged first megabyte.
    """
    _refuse_foreign(key)
    chunks = _decrypted(key)
    return StoredChunks(next(chunks), chunks)


def _decrypted(key: str) -> Generator[bytes, None, None]:
    try:
        stored = default_storage.open(key, "rb")
    except FileNotFoundError as error:
        raise NotFoundError from error
    except OSError as error:
        raise StorageAwayError from error
    with stored:
        data_key = current_key_provider().unwrap(read_wrapped_key(stored), context=str(current_tenant().id))
        yield from decrypted_chunks(stored, data_key=data_key, object_key=key)


def delete_stored(key: str) -> None:
    """Remove the file; a missing one is no error."""
    _refuse_foreign(key)
    default_storage.delete(key)


def delete_all_files() -> None:
    """Remove every file of the current tenant."""
    _delete_below(default_storage, tenant_prefix())


def _delete_below(storage: Storage, prefix: str) -> None:
    try:
        folders, files = storage.listdir(prefix)
    except FileNotFoundError:
        return
    for name in files:
        storage.delete(prefix + name)
    for name in folders:
        _delete_below(storage, f"{prefix}{name}/")
    if isinstance(storage, FileSystemStorage):
        storage.delete(prefix)


def _refuse_foreign(key: str) -> None:
    prefix = tenant_prefix()
    if not key.startswith(prefix) or not _BELOW_PREFIX.fullmatch(key.removeprefix(prefix)):
        raise NotFoundError


def _scratch() -> str | None:
    return settings.FILE_UPLOAD_TEMP_DIR
