"""Sign-in by SAML, in three steps: a browser is sent away, an answer comes in, the browser that asked collects it.

The answer arrives as a form that another site posts, so it comes without our cookies: whoever posts it proves nothing about the
browser. Only the step after it, a page of ours, sees the cookie that the first step has set. A request is not stored: its id is
signed, names its connection and its time, and is good for one answer.
"""

import json
import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.crypto import constant_time_compare

from apps.accounts.errors import SignInNotBegunError
from apps.accounts.limits import Attempt, begin_attempt, forgive_attempt
from apps.accounts.models import AnsweredSignIn, SAMLProvider, SeenAssertion, SSOConnection, User
from apps.accounts.services.admit_from_sso import admit_from_sso
from apps.accounts.sso.addresses import saml_addresses
from apps.accounts.sso.attributes import claims_of
from apps.accounts.sso.certificates import usable_certificates
from apps.accounts.sso.claims import Claims
from apps.accounts.sso.saml_document import decoded, parsed, refuse_unusual_shape
from apps.accounts.sso.saml_encryption import opener
from apps.accounts.sso.saml_errors import SAMLInvalidError
from apps.accounts.sso.saml_profile import (
    Expectation,
    SessionWords,
    VerifiedAssertion,
    answered_request,
    read_assertion,
)
from apps.accounts.sso.saml_settings import own_private_keys, request_url
from apps.accounts.sso.saml_signature import verified
from apps.accounts.sso.sealed_claims import claims_in, sealed_claims, words_in
from apps.kernel.audit.record import record
from apps.kernel.clock import now
from apps.kernel.signing import InvalidSignatureError, sign, verify
from apps.kernel.tenancy.context import current_tenant

COLLECT_LIFE = timedelta(minutes=2)
_REQUEST_PURPOSE = "saml_request"
_BROWSER_PURPOSE = "saml_browser"


@dataclass(frozen=True, slots=True)
class BegunSignIn:
    """Where the browser goes, and what it must show when it comes back."""

    url: str
    browser_token: str


@dataclass(frozen=True, slots=True)
class CollectedSignIn:
    """Who came, and where to. Without a person for a test of the connection, which signs nobody in."""

    claims: Claims
    person: User | None
    goal: str
    words: SessionWords


def begin_saml_sign_in(connection: SSOConnection, *, goal: str, is_test: bool = False) -> BegunSignIn:
    """A request to the provider, good for ten minutes and for the browser that holds the token."""
    request_id = _new_request_id(connection)
    asked = json.dumps({"request_id": request_id, "goal": goal, "is_test": is_test})
    token = sign(asked, purpose=_BROWSER_PURPOSE, tenant_id=current_tenant().id)
    return BegunSignIn(request_url(connection.saml_provider, request_id=request_id), token)


def receive_saml_answer(connection: SSOConnection, *, parameter: str, address: str) -> AnsweredSignIn:
    """The sign-in that this answer belongs to, ready to be collected within two minutes.

    Raises SAMLInvalidError for every fault, TooManyAttemptsError after fifty from one network within a quarter of an hour.
    """
    attempt = Attempt("saml_answer", "", address)
    begin_attempt(attempt)
    try:
        answered = _accept(connection, parameter)
    except SAMLInvalidError as error:
        _record_refusal(connection, error.reason)
        raise
    forgive_attempt(attempt)
    return answered


def collect_saml_sign_in(
    connection: SSOConnection, *, answer_id: UUID, browser_token: str, is_confirmed: bool = False
) -> CollectedSignIn:
    """What came of a sign-in that this browser began, once.

    One that began at the provider is collected by whoever confirms it on a page of ours. Raises SignInNotBegunError for every
    other browser, NotAdmittedError.
    """
    with transaction.atomic():
        answered = _open_answer(connection, answer_id)
        asked = _asked(browser_token, answered, is_confirmed=is_confirmed)
        if not connection.is_enabled and not asked["is_test"]:
            raise SignInNotBegunError
        answered.collected_at = now()
        answered.save(update_fields=["collected_at", "updated_at"])
    claims = claims_in(answered)
    person = None if asked["is_test"] else admit_from_sso(connection, claims)
    return CollectedSignIn(claims, person, str(asked["goal"]), words_in(answered))


def answer_to_confirm(connection: SSOConnection, answer_id: UUID) -> AnsweredSignIn | None:
    """An answer that began at the provider and waits for its "continue as"; None for every other."""
    return _open_answers(connection).filter(pk=answer_id, is_unasked=True).first()


def _new_request_id(connection: SSOConnection) -> str:
    """An XML name: the signature's separator is no letter of one."""
    value = f"{connection.pk.hex}{secrets.token_hex(16)}"
    return "_" + sign(value, purpose=_REQUEST_PURPOSE, tenant_id=current_tenant().id).replace(":", ".")


@transaction.atomic
def _record_refusal(connection: SSOConnection, reason: str) -> None:
    detail = {"connection": connection.name, "reason": reason}
    record("sso.answer_refused", actor=None, target=connection.pk, detail=detail)


@transaction.atomic
def _accept(connection: SSOConnection, parameter: str) -> AnsweredSignIn:
    provider: SAMLProvider = connection.saml_provider
    root = parsed(decoded(parameter))
    refuse_unusual_shape(root)
    if provider.wants_encryption and root.find("{*}EncryptedAssertion") is None:
        raise SAMLInvalidError("not_encrypted")
    request_id = answered_request(root)
    _refuse_not_asked(provider, request_id)
    assertion, is_response_signed = verified(
        root,
        certificates=usable_certificates(provider.certificates, at=now()),
        decrypt=opener(own_private_keys(provider), allows_cbc=provider.allows_cbc),
    )
    own = saml_addresses(connection)
    expected = Expectation(
        provider_entity_id=provider.entity_id,
        own_entity_id=own.entity_id,
        acs_url=own.acs_url,
        request_id=request_id,
        at=now(),
    )
    believed = read_assertion(root, assertion, is_response_signed=is_response_signed, expected=expected)
    return _keep(connection, believed, request_id=request_id)


def _refuse_not_asked(provider: SAMLProvider, request_id: str) -> None:
    """The request was made here, for this connection, at most ten minutes ago. Without one: only if the provider may begin."""
    if not request_id:
        if provider.accepts_unasked:
            return
        raise SAMLInvalidError("not_asked_for")
    try:
        value = verify(
            request_id.removeprefix("_").replace(".", ":"),
            purpose=_REQUEST_PURPOSE,
            tenant_id=current_tenant().id,
            max_age_s=settings.SSO_REQUEST_MAX_AGE_S,
        )
    except InvalidSignatureError as error:
        raise SAMLInvalidError("not_asked_for") from error
    if not value.startswith(provider.connection.pk.hex):
        raise SAMLInvalidError("not_asked_for")


def _keep(connection: SSOConnection, believed: VerifiedAssertion, *, request_id: str) -> AnsweredSignIn:
    """The two unique constraints are the replay guard: each request is answered once, each assertion used once."""
    try:
        with transaction.atomic():
            SeenAssertion.objects.create(
                connection=connection, assertion_id=believed.assertion_id[:256], expires_at=believed.usable_until
            )
            return AnsweredSignIn.objects.create(
                connection=connection,
                request_id=request_id or f"unasked-{secrets.token_hex(16)}",
                is_unasked=not request_id,
                expires_at=now() + COLLECT_LIFE,
                claims_sealed=sealed_claims(claims_of(connection, believed), words=believed.words),
            )
    except IntegrityError as error:
        raise SAMLInvalidError("used_before") from error


def _open_answers(connection: SSOConnection) -> QuerySet[AnsweredSignIn]:
    return AnsweredSignIn.objects.filter(connection=connection, collected_at=None, expires_at__gt=now())


def _open_answer(connection: SSOConnection, answer_id: UUID) -> AnsweredSignIn:
    answered = _open_answers(connection).select_for_update().filter(pk=answer_id).first()
    if answered is None:
        raise SignInNotBegunError
    return answered


def _asked(browser_token: str, answered: AnsweredSignIn, *, is_confirmed: bool) -> dict[str, str | bool]:
    """What this browser asked for; SignInNotBegunError when it was not this."""
    if answered.is_unasked:
        if not is_confirmed:
            raise SignInNotBegunError
        return {"goal": "", "is_test": False}
    try:
        asked: dict[str, str | bool] = json.loads(
            verify(
                browser_token,
                purpose=_BROWSER_PURPOSE,
                tenant_id=current_tenant().id,
                max_age_s=settings.SSO_REQUEST_MAX_AGE_S,
            )
        )
    except InvalidSignatureError as error:
        raise SignInNotBegunError from error
    if not constant_time_compare(str(asked["request_id"]), answered.request_id):
        raise SignInNotBegunError
    return asked
