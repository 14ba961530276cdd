"""Signed values: tied to a tenant and to one purpose, so that a token of one is worth nothing to another."""

from uuid import UUID

from django.conf import settings
from django.core import signing
from django.utils.crypto import salted_hmac

from apps.kernel.errors import InvalidInputError, gettext_noop


class InvalidSignatureError(InvalidInputError):
    """The value was changed, is too old, or was made for another purpose or tenant."""

    code = "invalid_signature"
    sentence = gettext_noop("This link is not valid any more.")


def sign(value: str, *, purpose: str, tenant_id: UUID) -> str:
    """`value` with its time and a signature whose key holds purpose and tenant. The value itself stays readable."""
    return _signer(purpose, tenant_id).sign(value)


def verify(token: str, *, purpose: str, tenant_id: UUID, max_age_s: int | None = None) -> str:
    """The value that was signed; InvalidSignatureError for anything else."""
    try:
        return _signer(purpose, tenant_id).unsign(token, max_age=max_age_s)
    except signing.BadSignature as error:
        raise InvalidSignatureError from error


def keys_for(purpose: str, *, tenant_id: UUID) -> list[str]:
    """Keys for a signature format of others, which hold purpose and tenant: first the one to sign with, then those of retired secrets."""
    secrets = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return [
        salted_hmac(f"prism.key.{purpose}.{tenant_id}", "", secret=secret, algorithm="sha256").hexdigest()
        for secret in secrets
    ]


def _signer(purpose: str, tenant_id: UUID) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"prism.{purpose}.{tenant_id}")
