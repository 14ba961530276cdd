"""Single logout by SAML: a provider ends sessions here, and whoever signs out here may go on to sign out there."""

import hashlib
import secrets
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from apps.accounts.limits import Attempt, begin_attempt, forgive_attempt
from apps.accounts.models import ProviderSession, SAMLProvider, SeenAssertion, SSOConnection
from apps.accounts.services.provider_sessions import end_provider_sessions, words_of_session
from apps.accounts.sso.addresses import saml_addresses
from apps.accounts.sso.certificates import usable_certificates
from apps.accounts.sso.saml_errors import SAMLInvalidError
from apps.accounts.sso.saml_logout import (
    LogoutExpectation,
    LogoutMessage,
    Received,
    logout_request,
    logout_response,
    read_logout_request,
    read_logout_response,
    read_message,
)
from apps.accounts.sso.saml_redirect import signed_redirect
from apps.accounts.sso.saml_settings import own_private_key
from apps.kernel.audit.record import record
from apps.kernel.clock import now
from apps.kernel.signing import InvalidSignatureError, sign, verify
from apps.kernel.tenancy.context import current_tenant

_PURPOSE = "saml_logout"


@dataclass(frozen=True, slots=True)
class LogoutOffer:
    """Where somebody who has signed out here can sign out too."""

    connection_name: str
    url: str


@dataclass(frozen=True, slots=True)
class ReceivedLogout:
    """What came of a message: sessions that a provider ended, or its word that it has ended its own.

    `answer_url` is where the browser takes our answer; "" when none is owed or none can be signed.
    """

    is_request: bool
    is_done: bool
    answer_url: str = ""


def offer_provider_logout(session_id: UUID | None) -> LogoutOffer | None:
    """A signed request to the provider of this session, to be followed by the browser itself; None where there is nothing to offer."""
    found = ProviderSession.objects.select_related("connection__saml_provider").filter(session_id=session_id).first()
    provider: SAMLProvider | None = getattr(found.connection, "saml_provider", None) if found else None
    if found is None or provider is None or not provider.logout_url or not provider.own_certificate:
        return None
    asked = logout_request(
        words_of_session(found),
        request_id=_new_request_id(found.connection),
        own_entity_id=saml_addresses(found.connection).entity_id,
        to=provider.logout_url,
        at=now(),
    )
    key = own_private_key(provider)
    url = signed_redirect(provider.logout_url, parameter="SAMLRequest", data=asked, private_key=key)
    return LogoutOffer(found.connection.name, url)


def receive_logout(connection: SSOConnection, received: Received, *, address: str) -> ReceivedLogout:
    """End the sessions that a request names, or see what came of a request of ours.

    Raises SAMLInvalidError for every fault, TooManyAttemptsError after fifty from one network within a quarter of an hour.
    """
    attempt = Attempt("saml_logout", "", address)
    begin_attempt(attempt)
    try:
        outcome = _accept(connection, received)
    except SAMLInvalidError as error:
        _record_refusal(connection, error.reason)
        raise
    forgive_attempt(attempt)
    return outcome


@transaction.atomic
def _record_refusal(connection: SSOConnection, reason: str) -> None:
    detail = {"connection": connection.name, "reason": reason}
    record("sso.logout_refused", actor=None, target=connection.pk, detail=detail)


@transaction.atomic
def _accept(connection: SSOConnection, received: Received) -> ReceivedLogout:
    provider: SAMLProvider = connection.saml_provider
    message = read_message(received, certificates=usable_certificates(provider.certificates, at=now()))
    expected = LogoutExpectation(provider.entity_id, saml_addresses(connection).sls_url, now())
    if not message.is_request:
        answered_id, is_done = read_logout_response(message.root, expected)
        _refuse_not_asked(connection, answered_id)
        return ReceivedLogout(is_request=False, is_done=is_done)
    return _end(provider, message, expected)


def _end(provider: SAMLProvider, message: LogoutMessage, expected: LogoutExpectation) -> ReceivedLogout:
    asked = read_logout_request(message.root, expected)
    seen_id = "logout-" + hashlib.sha256(asked.request_id.encode()).hexdigest()
    try:
        with transaction.atomic():
            SeenAssertion.objects.create(
                connection=provider.connection, assertion_id=seen_id, expires_at=asked.usable_until
            )
    except IntegrityError as error:
        raise SAMLInvalidError("used_before") from error
    end_provider_sessions(provider.connection, subject=asked.subject, indexes=asked.indexes)
    answer_url = _answer_url(provider, asked.request_id, message.relay_state)
    return ReceivedLogout(is_request=True, is_done=True, answer_url=answer_url)


def _answer_url(provider: SAMLProvider, answered_id: str, relay_state: str) -> str:
    to = provider.logout_answer_url or provider.logout_url
    if not to or not provider.own_certificate:
        return ""
    answer = logout_response(
        answered_id,
        response_id=f"_{secrets.token_hex(16)}",
        own_entity_id=saml_addresses(provider.connection).entity_id,
        to=to,
        at=now(),
    )
    key = own_private_key(provider)
    return signed_redirect(to, parameter="SAMLResponse", data=answer, private_key=key, relay_state=relay_state)


def _new_request_id(connection: SSOConnection) -> str:
    """An XML name that we know again without having stored it."""
    value = f"{connection.pk.hex}{secrets.token_hex(8)}"
    return "_" + sign(value, purpose=_PURPOSE, tenant_id=current_tenant().id).replace(":", ".")


def _refuse_not_asked(connection: SSOConnection, request_id: str) -> None:
    try:
        value = verify(
            request_id.removeprefix("_").replace(".", ":"),
            purpose=_PURPOSE,
            tenant_id=current_tenant().id,
            max_age_s=settings.SSO_REQUEST_MAX_AGE_S,
        )
    except InvalidSignatureError as error:
        raise SAMLInvalidError("not_asked_for") from error
    if not value.startswith(connection.pk.hex):
        raise SAMLInvalidError("not_asked_for")
