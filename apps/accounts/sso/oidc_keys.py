"""The keys that a provider signs with: as it publishes them, kept ten minutes, read once more for a key that is not among them."""

import hashlib
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import ECKey, JWKRegistry, Key, OKPKey, RSAKey

from apps.accounts.models import OIDCProvider
from apps.accounts.sso.oidc_discovery import DOCUMENT_BOUNDS, KEPT, note_failure, refuse_while_away
from apps.accounts.sso.oidc_errors import OIDCInvalidError, OIDCProviderAwayError
from apps.accounts.sso.oidc_json import json_object
from apps.kernel.clock import now
from apps.kernel.outbound.client import get
from apps.kernel.outbound.errors import OutboundError

_KINDS: dict[str, type[RSAKey] | type[ECKey] | type[OKPKey]] = {
    "RS256": RSAKey,
    "PS256": RSAKey,
    "ES256": ECKey,
    "EdDSA": OKPKey,
}
_CURVES = {"ES256": "P-256", "EdDSA": "Ed25519"}
_RSA_BITS = range(2048, 8193)
_MOST_KEYS = 64
_MOST_MISSED = 5
_PARTS = ("kty", "kid", "use", "alg", "key_ops", "n", "e", "crv", "x", "y")
_PRIVATE_PARTS = frozenset({"d", "k", "p", "q"})


def keys_for(
    provider: OIDCProvider, *, jwks_uri: str, kid: str, algorithm: str, may_ask_again: bool = True
) -> list[Key]:
    """The keys that may have signed a token with this header. OIDCInvalidError when there is none.

    A key id that is not among the keys makes us read them once more, for each id once and for five ids at most in ten minutes.
    """
    if provider.keys_read_at is None or now() - provider.keys_read_at >= KEPT:
        _read_again(provider, jwks_uri, missed=[])
    if found := _fitting(provider.published_keys, kid, algorithm):
        return found
    digest = hashlib.sha256(kid.encode()).hexdigest()
    if may_ask_again and digest not in provider.missed_key_ids and len(provider.missed_key_ids) < _MOST_MISSED:
        _read_again(provider, jwks_uri, missed=[*provider.missed_key_ids, digest])
        if found := _fitting(provider.published_keys, kid, algorithm):
            return found
    raise OIDCInvalidError("unknown_key")


def read_keys(jwks_uri: str) -> list[dict[str, Any]]:
    """The public keys that are published there and can be used, as they are written. ValueError without one, OutboundError."""
    reply = get(jwks_uri, bounds=DOCUMENT_BOUNDS)
    entries = json_object(reply.body).get("keys") if reply.status == 200 else None
    usable = [
        {part: entry[part] for part in _PARTS if part in entry}
        for entry in (entries if isinstance(entries, list) else [])[:_MOST_KEYS]
        if isinstance(entry, dict) and any(_key(entry, algorithm) for algorithm in _KINDS)
    ]
    if not usable:
        raise ValueError(jwks_uri)
    return usable


def _read_again(provider: OIDCProvider, jwks_uri: str, *, missed: list[str]) -> None:
    refuse_while_away(provider)
    try:
        keys = read_keys(jwks_uri)
    except OutboundError as error:
        note_failure(provider)
        raise OIDCProviderAwayError("keys_" + error.code.removeprefix("outbound_")) from error
    except ValueError as error:
        note_failure(provider)
        raise OIDCProviderAwayError("keys_unreadable") from error
    provider.published_keys, provider.missed_key_ids = keys, missed
    if not missed or provider.keys_read_at is None:
        provider.keys_read_at = now()
    OIDCProvider.objects.filter(pk=provider.pk, issuer=provider.issuer).update(
        published_keys=keys, missed_key_ids=missed, keys_read_at=provider.keys_read_at
    )


def _fitting(published: list[Any], kid: str, algorithm: str) -> list[Key]:
    """The keys of this id for this algorithm. A token without an id fits a provider with one such key alone."""
    fitting = [
        key
        for entry in published
        if (not kid or entry.get("kid") == kid) and (key := _key(entry, algorithm)) is not None
    ]
    return fitting if kid or len(fitting) == 1 else []


def _key(entry: dict[str, Any], algorithm: str) -> Key | None:
    """The published key, if it may check signatures of this algorithm. One whose private part is published as well is nobody's."""
    if entry.get("use", "sig") != "sig" or entry.get("alg", algorithm) != algorithm or _PRIVATE_PARTS & entry.keys():
        return None
    if "verify" not in entry.get("key_ops", ["verify"]):
        return None
    try:
        key = JWKRegistry.import_key({part: entry[part] for part in _PARTS if part in entry})
        return key if isinstance(key, _KINDS[algorithm]) and _is_strong(key, algorithm) else None
    except (JoseError, ValueError, TypeError, AttributeError):
        return None


def _is_strong(key: Key, algorithm: str) -> bool:
    if isinstance(key, RSAKey):
        return key.public_key.key_size in _RSA_BITS
    return key.as_dict().get("crv") == _CURVES[algorithm]
