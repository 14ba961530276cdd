"""Access and refresh tokens as signed JSON (RFC 7519): one algorithm, a key for each organization and kind, every claim required.

What a token's header names (another algorithm, a key) is not followed: the key follows from the organization that was asked and from
the kind of token that is expected. So a token of another organization, or a refresh token shown as an access token, has a wrong signature.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from rest_framework_simplejwt.backends import TokenBackend
from rest_framework_simplejwt.exceptions import TokenBackendError

from apps.kernel.signing import keys_for
from apps.kernel.tenancy.context import current_tenant

ACCESS_LIFE = timedelta(minutes=15)
_ALGORITHM = "HS256"
_ISSUER = "ai-prism"
_LONGEST = 2000


class TokenKind(StrEnum):
    """What a token is good for."""

    ACCESS = "access"
    REFRESH = "refresh"


@dataclass(frozen=True, slots=True)
class TokenClaims:
    """What a token says: whose it is, of which family, since which epoch, and which of the family's tokens it is."""

    person_id: UUID
    family_id: UUID
    epoch: int
    number: UUID


def signed(kind: TokenKind, claims: TokenClaims, *, issued_at: datetime, expires_at: datetime) -> str:
    """The token. Equal claims and times make an equal token."""
    payload = {
        "typ": kind.value,
        "sub": str(claims.person_id),
        "fam": str(claims.family_id),
        "epo": claims.epoch,
        "jti": str(claims.number),
        "iat": int(issued_at.timestamp()),
        "exp": int(expires_at.timestamp()),
    }
    return str(_backend(kind, keys_for(_purpose(kind), tenant_id=current_tenant().id)[0]).encode(payload))


def claims_of(kind: TokenKind, token: str) -> TokenClaims | None:
    """What the token says; None for one that is forged, expired, of another kind, or of another organization: never told apart."""
    if len(token) > _LONGEST or not token.isascii():
        return None
    for key in keys_for(_purpose(kind), tenant_id=current_tenant().id):
        try:
            payload = _backend(kind, key).decode(token)  # type: ignore[arg-type]
        except TokenBackendError:
            continue
        return _read(kind, payload)
    return None


def _purpose(kind: TokenKind) -> str:
    return f"accounts.token.{kind.value}"


def _backend(kind: TokenKind, key: str) -> TokenBackend:
    return TokenBackend(_ALGORITHM, signing_key=key, audience=f"{current_tenant().id}:{kind.value}", issuer=_ISSUER)


def _read(kind: TokenKind, payload: dict[str, Any]) -> TokenClaims | None:
    """The claims of a token whose signature is good; the kit lets a missing `exp` pass."""
    try:
        if payload["typ"] != kind.value or not isinstance(payload["exp"], int) or type(payload["epo"]) is not int:
            return None
        return TokenClaims(UUID(payload["sub"]), UUID(payload["fam"]), payload["epo"], UUID(payload["jti"]))
    except (KeyError, ValueError, TypeError, AttributeError):
        return None
