"""Whether to believe an ID token: what its header may say, whose signature it has, and for whom, from whom and when it is."""

import base64
import binascii
import hashlib
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.crypto import constant_time_compare
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import Key

from apps.accounts.sso.oidc_discovery import ALGORITHMS
from apps.accounts.sso.oidc_errors import OIDCInvalidError
from apps.accounts.sso.oidc_json import json_object

SKEW_S = 60
_LONGEST_TOKEN = 64 * 1024
_LONGEST_KEY_ID = 256
_PART = re.compile(r"[A-Za-z0-9_-]+")
_SUBJECT = re.compile(r"[!-~](?:[ -~]{0,253}[!-~])?")
# A header that brings its own key, or rules that we do not know.
_FORBIDDEN_HEADERS = ("jku", "jwk", "x5u", "crit", "zip", "b64", "cty")
_HASHES = {"RS256": "sha256", "PS256": "sha256", "ES256": "sha256", "EdDSA": "sha512"}


class _Registry(jws.JWSRegistry):
    max_header_length = 8192
    max_payload_length = _LONGEST_TOKEN


@dataclass(frozen=True, slots=True)
class TokenHeader:
    """Which algorithm, and which key; "" where the token does not say."""

    algorithm: str
    kid: str


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a token must say to be the answer to our request."""

    issuer: str
    client_id: str
    nonce: str
    access_token: str
    at: datetime


def token_header(token: str, *, kind: str = "JWT") -> TokenHeader:
    """What the token says of itself before anything is checked; OIDCInvalidError for what no token of `kind` says."""
    parts = token.split(".")
    if len(token) > _LONGEST_TOKEN or len(parts) != 3 or not all(map(_PART.fullmatch, parts)):
        raise OIDCInvalidError("not_a_token")
    header = _json(parts[0])
    if any(name in header for name in _FORBIDDEN_HEADERS):
        raise OIDCInvalidError("header")
    # An access token or a logout token has a type of its own.
    if str(header.get("typ", kind)).casefold() != kind.casefold():
        raise OIDCInvalidError("type")
    algorithm, kid = header.get("alg"), header.get("kid", "")
    if algorithm not in ALGORITHMS:
        raise OIDCInvalidError("algorithm")
    if not isinstance(kid, str) or len(kid) > _LONGEST_KEY_ID:
        raise OIDCInvalidError("key_id")
    return TokenHeader(str(algorithm), kid)


def signed_claims(token: str, *, keys: Sequence[Key], algorithm: str) -> dict[str, Any]:
    """The claims, once one of the keys has signed them; OIDCInvalidError."""
    for key in keys:
        try:
            found = jws.deserialize_compact(
                token,
                key,
                algorithms=[algorithm],
                registry=_Registry(algorithms=[algorithm], strict_check_header=False),
            )
        except (JoseError, ValueError, TypeError):
            continue
        return _json(base64.urlsafe_b64encode(found.payload or b"").decode().rstrip("="))
    raise OIDCInvalidError("wrong_signature")


def refuse_wrong_claims(claims: dict[str, Any], expected: Expectation, *, algorithm: str) -> None:
    """OIDCInvalidError unless the token is this provider's, for us, for this request, and for now."""
    refuse_wrong_parties(claims, issuer=expected.issuer, client_id=expected.client_id)
    refuse_wrong_times(claims, at=expected.at)
    nonce = claims.get("nonce")
    if not isinstance(nonce, str) or not constant_time_compare(nonce, expected.nonce):
        raise OIDCInvalidError("nonce")
    if "at_hash" in claims:
        digest = hashlib.new(_HASHES[algorithm], expected.access_token.encode()).digest()
        half = base64.urlsafe_b64encode(digest[: len(digest) // 2]).decode().rstrip("=")
        if not expected.access_token or not constant_time_compare(str(claims["at_hash"]), half):
            raise OIDCInvalidError("at_hash")


def refuse_wrong_parties(claims: dict[str, Any], *, issuer: str, client_id: str) -> None:
    """OIDCInvalidError unless the token is from this issuer and for us alone or expressly."""
    if claims.get("iss") != issuer:
        raise OIDCInvalidError("issuer")
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if client_id not in audiences:
        raise OIDCInvalidError("audience")
    if (len(audiences) > 1 or "azp" in claims) and claims.get("azp") != client_id:
        raise OIDCInvalidError("authorized_party")


def refuse_wrong_times(claims: dict[str, Any], *, at: datetime) -> None:
    """OIDCInvalidError for a token that is over, not yet good, or made in the future; a minute of skew."""
    at_s = at.timestamp()
    if _time_s(claims, "exp") <= at_s - SKEW_S:
        raise OIDCInvalidError("expired")
    if _time_s(claims, "iat") > at_s + SKEW_S:
        raise OIDCInvalidError("issued_in_future")
    if "nbf" in claims and _time_s(claims, "nbf") > at_s + SKEW_S:
        raise OIDCInvalidError("not_yet_good")


def subject_of(claims: dict[str, Any], *, directory: str) -> str:
    """Who it is: `sub`; in Entra, where each application sees another `sub`, the object in its directory. OIDCInvalidError."""
    subject = claims.get("sub")
    if not isinstance(subject, str) or not _SUBJECT.fullmatch(subject):
        raise OIDCInvalidError("subject")
    if not directory:
        return subject
    if claims.get("tid") != directory:
        raise OIDCInvalidError("other_directory")
    entry = claims.get("oid")
    if not isinstance(entry, str) or not _SUBJECT.fullmatch(entry):
        raise OIDCInvalidError("no_object_id")
    return entry


def _time_s(claims: dict[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise OIDCInvalidError(name)
    return value


def _json(part: str) -> dict[str, Any]:
    try:
        return json_object(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (binascii.Error, ValueError) as error:
        raise OIDCInvalidError("not_a_token") from error
