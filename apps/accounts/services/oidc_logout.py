"""Sign-out by OpenID Connect: a provider ends sessions here (back-channel), and whoever signs out here may go on to sign out there."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.accounts.limits import Attempt, begin_attempt, forgive_attempt
from apps.accounts.models import OIDCProvider, ProviderSession, SeenAssertion
from apps.accounts.services.provider_sessions import end_provider_sessions
from apps.accounts.services.saml_logout import LogoutOffer
from apps.accounts.sso.oidc_discovery import discovered
from apps.accounts.sso.oidc_errors import OIDCInvalidError
from apps.accounts.sso.oidc_id_token import (
    SKEW_S,
    refuse_wrong_parties,
    refuse_wrong_times,
    signed_claims,
    token_header,
)
from apps.accounts.sso.oidc_keys import keys_for
from apps.kernel.audit.record import record
from apps.kernel.clock import now

_EVENT = "http://schemas.openid.net/event/backchannel-logout"
_LONGEST_LIFE = timedelta(hours=1)
_LONGEST_WORD = 255


def offer_open_id_logout(session_id: UUID | None) -> LogoutOffer | None:
    """Where the provider of this session ends its own; None when it has not said. No token goes along: the provider asks the person."""
    found = ProviderSession.objects.select_related("connection__oidc_provider").filter(session_id=session_id).first()
    provider: OIDCProvider | None = getattr(found.connection, "oidc_provider", None) if found else None
    endpoint = provider.discovered.get("end_session_endpoint", "") if provider else ""
    if found is None or provider is None or not endpoint:
        return None
    joint = "&" if "?" in endpoint else "?"
    return LogoutOffer(found.connection.name, f"{endpoint}{joint}{urlencode({'client_id': provider.client_id})}")


def receive_back_channel_logout(provider: OIDCProvider, *, logout_token: str, address: str) -> int:
    """End the sessions that the provider names; returns how many.

    Raises OIDCInvalidError for every fault, TooManyAttemptsError after fifty from one network within a quarter of an hour.
    """
    attempt = Attempt("oidc_logout", "", address)
    begin_attempt(attempt)
    try:
        ended = _end(provider, _believed(provider, logout_token))
    except OIDCInvalidError as error:
        with transaction.atomic():
            detail = {"connection": provider.connection.name, "reason": error.reason}
            record("sso.logout_refused", actor=None, target=provider.connection.pk, detail=detail)
        raise
    forgive_attempt(attempt)
    return ended


def _believed(provider: OIDCProvider, logout_token: str) -> dict[str, Any]:
    """What the token says, once it is the provider's, for us, for now, and a logout token and nothing else."""
    header = token_header(logout_token, kind="logout+jwt")
    # Anybody can send one: it must not use up the few times that we ask again for a key.
    keys = keys_for(
        provider,
        jwks_uri=discovered(provider).jwks_uri,
        kid=header.kid,
        algorithm=header.algorithm,
        may_ask_again=False,
    )
    said = signed_claims(logout_token, keys=keys, algorithm=header.algorithm)
    refuse_wrong_parties(said, issuer=provider.issuer, client_id=provider.client_id)
    refuse_wrong_times(said, at=now())
    events = said.get("events")
    if "nonce" in said or not isinstance(events, dict) or not isinstance(events.get(_EVENT), dict):
        raise OIDCInvalidError("not_a_logout")
    return said


@transaction.atomic
def _end(provider: OIDCProvider, said: dict[str, Any]) -> int:
    subject, sid, token_id = (_word(said, name) for name in ("sub", "sid", "jti"))
    if not token_id or not (subject or sid):
        raise OIDCInvalidError("no_session")
    if said["exp"] > (now() + _LONGEST_LIFE).timestamp():
        # It is remembered until it ends, and nobody's token needs a day.
        raise OIDCInvalidError("lives_too_long")
    ends_at = datetime.fromtimestamp(said["exp"], UTC)
    seen = "oidc logout " + hashlib.sha256(token_id.encode()).hexdigest()
    try:
        with transaction.atomic():
            SeenAssertion.objects.create(
                connection=provider.connection, assertion_id=seen, expires_at=ends_at + timedelta(seconds=SKEW_S)
            )
    except IntegrityError as error:
        raise OIDCInvalidError("used_before") from error
    return end_provider_sessions(provider.connection, subject=subject, indexes=[sid] if sid else [])


def _word(said: dict[str, Any], name: str) -> str:
    value = said.get(name, "")
    if not isinstance(value, str) or len(value) > _LONGEST_WORD:
        raise OIDCInvalidError(name)
    return value
