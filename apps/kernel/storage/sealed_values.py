"""Short secrets in rows that must be read again (a client secret, a private key): sealed under a data key of their organization.

Layout, in URL-safe base64: a version byte, the length and bytes of the wrapped data key, nonce, AES-256-GCM ciphertext. Organization
and purpose are associated data: a value that is copied to another organization's row, or to another column, does not open.
"""

import base64
import binascii
import os
import struct

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from apps.kernel.errors import UnavailableError, gettext_noop
from apps.kernel.storage.key_providers import current_key_provider
from apps.kernel.tenancy.context import current_tenant

_VERSION = b"\x01"
_NONCE_BYTES = 12
_LENGTH = struct.Struct(">H")


class SealedValueDamagedError(UnavailableError):
    """What is stored was not sealed here, or not for this organization and purpose."""

    code = "sealed_value_damaged"
    sentence = gettext_noop("A stored secret cannot be opened. Please enter it again.")


def seal(value: str, *, purpose: str) -> str:
    """`value` in a form for a row of the current tenant. KeyUnavailableError when the key provider is away."""
    data_key, nonce = os.urandom(32), os.urandom(_NONCE_BYTES)
    wrapped = current_key_provider().wrap(data_key, context=str(current_tenant().id))
    sealed = AESGCM(data_key).encrypt(nonce, value.encode(), _associated(purpose))
    return base64.urlsafe_b64encode(_VERSION + _LENGTH.pack(len(wrapped)) + wrapped + nonce + sealed).decode("ascii")


def unseal(sealed: str, *, purpose: str) -> str:
    """The value; SealedValueDamagedError, KeyUnavailableError."""
    try:
        data = base64.b64decode(sealed, altchars=b"-_", validate=True)
        head = 1 + _LENGTH.size
        ends = head + _LENGTH.unpack(data[1:head])[0]
        if data[:1] != _VERSION or len(data) < ends + _NONCE_BYTES:
            raise SealedValueDamagedError
        data_key = current_key_provider().unwrap(data[head:ends], context=str(current_tenant().id))
        nonce, ciphertext = data[ends : ends + _NONCE_BYTES], data[ends + _NONCE_BYTES :]
        return AESGCM(data_key).decrypt(nonce, ciphertext, _associated(purpose)).decode()
    except (binascii.Error, struct.error, InvalidTag, ValueError) as error:
        raise SealedValueDamagedError from error


def _associated(purpose: str) -> bytes:
    return f"{current_tenant().id}\n{purpose}".encode()
