"""Files encrypted in chunks, so that a large one is never whole in memory.

Layout: magic, the length and bytes of the wrapped data key, then chunks of 4-byte length + nonce + AES-256-GCM ciphertext. Each
chunk's associated data holds the object's key, its number and whether it is the last, so that chunks cannot be moved, dropped or
swapped between files or tenants.
"""

import os
import struct
from collections.abc import Iterator
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from apps.kernel.errors import UnavailableError, gettext_noop

MAGIC = b"PRISM1\n"
CHUNK_BYTES = 1024 * 1024
_NONCE_BYTES = 12
_LENGTH = struct.Struct(">I")


class StoredFileDamagedError(UnavailableError):
    """The stored bytes are not what was written."""

    code = "stored_file_damaged"
    sentence = gettext_noop("The stored file is damaged and cannot be opened.")


def encrypted_chunks(content: IO[bytes], *, data_key: bytes, wrapped_key: bytes, object_key: str) -> Iterator[bytes]:
    """The encrypted form of `content`, about one chunk in memory at a time."""
    cipher = AESGCM(data_key)
    yield MAGIC + _LENGTH.pack(len(wrapped_key)) + wrapped_key
    number, chunk = 0, content.read(CHUNK_BYTES)
    while True:
        following = content.read(CHUNK_BYTES)
        nonce = os.urandom(_NONCE_BYTES)
        sealed = cipher.encrypt(nonce, chunk, _associated(object_key, number, is_last=not following))
        yield _LENGTH.pack(len(sealed)) + nonce + sealed
        if not following:
            return
        number, chunk = number + 1, following


def read_wrapped_key(stored: IO[bytes]) -> bytes:
    """The wrapped data key at the head of a stored file."""
    if stored.read(len(MAGIC)) != MAGIC:
        raise StoredFileDamagedError
    return _exactly(stored, _LENGTH.unpack(_exactly(stored, _LENGTH.size))[0])


def decrypted_chunks(stored: IO[bytes], *, data_key: bytes, object_key: str) -> Iterator[bytes]:
    """The content, after read_wrapped_key has read the head; StoredFileDamagedError at the first wrong byte."""
    cipher = AESGCM(data_key)
    number = 0
    head = _exactly(stored, _LENGTH.size)
    while True:
        nonce = _exactly(stored, _NONCE_BYTES)
        sealed = _exactly(stored, _LENGTH.unpack(head)[0])
        head = stored.read(_LENGTH.size)
        try:
            yield cipher.decrypt(nonce, sealed, _associated(object_key, number, is_last=not head))
        except InvalidTag as error:
            raise StoredFileDamagedError from error
        if not head:
            return
        if len(head) != _LENGTH.size:
            raise StoredFileDamagedError
        number += 1


def _associated(object_key: str, number: int, *, is_last: bool) -> bytes:
    return f"{object_key}\n{number}\n{'last' if is_last else 'more'}".encode()


def _exactly(stored: IO[bytes], size: int) -> bytes:
    data = stored.read(size)
    if len(data) != size:
        raise StoredFileDamagedError
    return data
