"""Our two calls to a provider while somebody signs in: the code for tokens, and claims that the ID token leaves out."""

import base64
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from authlib.oauth2.rfc6749.parameters import prepare_token_request

from apps.accounts.models import OIDCProvider
from apps.accounts.sso.addresses import oidc_addresses
from apps.accounts.sso.oidc_discovery import DOCUMENT_BOUNDS, Discovered
from apps.accounts.sso.oidc_errors import OIDCInvalidError, OIDCProviderAwayError, OIDCRefusedError
from apps.accounts.sso.oidc_json import json_object
from apps.kernel.outbound.client import Reply, get, post
from apps.kernel.outbound.errors import OutboundError
from apps.kernel.storage.sealed_values import unseal

SECRET_PURPOSE = "oidc_client_secret"  # noqa: S105 - a purpose
_REFUSALS = {"invalid_grant": "code_refused", "invalid_client": "client_refused"}
_LONGEST_TOKEN = 64 * 1024


@dataclass(frozen=True, slots=True)
class Tokens:
    """What the code was worth."""

    id_token: str = field(repr=False)
    access_token: str = field(repr=False)


def tokens_for(provider: OIDCProvider, facts: Discovered, *, code: str, code_verifier: str) -> Tokens:
    """The code for tokens, with our secret and the proof that we asked. OIDCInvalidError."""
    secret = unseal(provider.client_secret_sealed, purpose=SECRET_PURPOSE)
    given = {"code": code, "code_verifier": code_verifier}
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    if facts.takes_basic:
        # RFC 6749, 2.3.1: both are form-encoded before they are joined.
        pair = f"{quote(provider.client_id, safe='')}:{quote(secret, safe='')}"
        headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
    else:
        given |= {"client_id": provider.client_id, "client_secret": secret}
    redirect_uri = oidc_addresses(provider.connection).redirect_uri
    body: str = prepare_token_request("authorization_code", redirect_uri=redirect_uri, **given)
    try:
        reply = post(facts.token_endpoint, body=body.encode(), headers=headers, bounds=DOCUMENT_BOUNDS)
    except OutboundError as error:
        raise OIDCProviderAwayError("token_" + error.code.removeprefix("outbound_")) from error
    return _tokens(reply)


def user_info(facts: Discovered, *, access_token: str, subject: str) -> dict[str, Any]:
    """What the provider says of the person besides; OIDCInvalidError, also when it is about somebody else."""
    headers = {"Authorization": f"Bearer {access_token}", "Accept": "application/json"}
    try:
        reply = get(facts.userinfo_endpoint, headers=headers, bounds=DOCUMENT_BOUNDS)
    except OutboundError as error:
        raise OIDCProviderAwayError("userinfo_" + error.code.removeprefix("outbound_")) from error
    found = _object(reply, "userinfo_unreadable")
    if reply.status != 200:
        raise OIDCProviderAwayError("userinfo_refused")
    if found.get("sub") != subject:
        raise OIDCInvalidError("userinfo_of_another")
    return found


def _tokens(reply: Reply) -> Tokens:
    found = _object(reply, "token_unreadable")
    if reply.status != 200:
        reason = _REFUSALS.get(str(found.get("error")))
        if reason == "code_refused":
            raise OIDCInvalidError(reason)
        raise OIDCRefusedError(reason or "token_refused")
    id_token, access_token = found.get("id_token"), found.get("access_token", "")
    if not isinstance(id_token, str):
        raise OIDCInvalidError("no_id_token")
    if not isinstance(access_token, str) or not _is_header_safe(access_token):
        raise OIDCInvalidError("access_token")
    return Tokens(id_token, access_token)


def _object(reply: Reply, reason: str) -> dict[str, Any]:
    try:
        return json_object(reply.body)
    except ValueError as error:
        raise OIDCProviderAwayError(reason) from error


def _is_header_safe(text: str) -> bool:
    return len(text) <= _LONGEST_TOKEN and text.isascii() and (text.isprintable() and " " not in text)
