"""Who wraps the tenants' data keys: a local master key at home, AWS KMS in production."""

import os
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils.module_loading import import_string

from apps.kernel.errors import UnavailableError, gettext_noop

_NONCE_BYTES = 12


class KeyUnavailableError(UnavailableError):
    """The master key is missing, or is not the one that wrapped this data key."""

    code = "storage_key_unavailable"
    sentence = gettext_noop("The stored files cannot be opened: their key is not available.")


class KeyProvider(Protocol):
    """Wraps and unwraps 32-byte data keys; `context` binds a wrapped key to its tenant."""

    def wrap(self, data_key: bytes, *, context: str) -> bytes:
        """The data key, encrypted."""
        ...

    def unwrap(self, wrapped: bytes, *, context: str) -> bytes:
        """The data key; KeyUnavailableError when it cannot be had."""
        ...


def current_key_provider() -> KeyProvider:
    """The one that STORAGE_KEY_PROVIDER names."""
    provider: KeyProvider = import_string(settings.STORAGE_KEY_PROVIDER)()
    return provider


class LocalKeyProvider:
    """AES-256-GCM under a master key from PRISM_STORAGE_KEY (64 hex digits), or from a file that is made on first use."""

    def wrap(self, data_key: bytes, *, context: str) -> bytes:
        """nonce + ciphertext."""
        nonce = os.urandom(_NONCE_BYTES)
        return nonce + AESGCM(self._master_key()).encrypt(nonce, data_key, context.encode())

    def unwrap(self, wrapped: bytes, *, context: str) -> bytes:
        """The data key; KeyUnavailableError under another master key or for another tenant."""
        try:
            return AESGCM(self._master_key()).decrypt(wrapped[:_NONCE_BYTES], wrapped[_NONCE_BYTES:], context.encode())
        except (InvalidTag, ValueError) as error:
            # ValueError: what is stored is too short to hold a nonce.
            raise KeyUnavailableError from error

    def _master_key(self) -> bytes:
        given: str = settings.STORAGE_MASTER_KEY
        if not given:
            place = settings.STORAGE_MASTER_KEY_FILE
            place.parent.mkdir(parents=True, exist_ok=True)
            try:
                with place.open("x", encoding="ascii") as file:
                    place.chmod(0o600)
                    file.write(os.urandom(32).hex())
            except FileExistsError:
                pass
            given = place.read_text(encoding="ascii").strip()
        try:
            key = bytes.fromhex(given)
        except ValueError as error:
            raise KeyUnavailableError from error
        if len(key) != 32:
            raise KeyUnavailableError
        return key
