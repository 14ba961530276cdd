"""Sign-in by OpenID Connect: a browser is sent away, and comes back with a code that is worth an ID token.

The answer comes with our cookie, so one step sees both: what the browser asked for, and what it brings. Nothing is stored before an
answer is good; then its state is kept as used for as long as it could come again.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from apps.accounts.choices import ProviderPreset
from apps.accounts.limits import Attempt, begin_attempt, forgive_attempt
from apps.accounts.models import AnsweredSignIn, OIDCProvider, SeenAssertion, SSOConnection, User
from apps.accounts.services.admit_from_sso import admit_from_sso
from apps.accounts.services.saml_sign_in import COLLECT_LIFE, BegunSignIn
from apps.accounts.sso.attributes import names_of
from apps.accounts.sso.claims import Claims
from apps.accounts.sso.oidc_claims import claims_from, joined, lacks_claims
from apps.accounts.sso.oidc_discovery import Discovered, directory_of, discovered
from apps.accounts.sso.oidc_errors import OIDCDeniedError, OIDCInvalidError, OIDCRefusedError
from apps.accounts.sso.oidc_id_token import Expectation, refuse_wrong_claims, signed_claims, subject_of, token_header
from apps.accounts.sso.oidc_keys import keys_for
from apps.accounts.sso.oidc_request import AskedSignIn, asked_by_browser, new_request, note_for_browser, request_url
from apps.accounts.sso.oidc_token_call import Tokens, tokens_for, user_info
from apps.accounts.sso.saml_profile import SessionWords
from apps.accounts.sso.sealed_claims import sealed_claims
from apps.kernel.audit.record import record
from apps.kernel.clock import now

_LONGEST_CODE = 8192
_LONGEST_SESSION_ID = 255
_DENIALS = frozenset({"access_denied", "login_required", "interaction_required", "consent_required"})


@dataclass(frozen=True, slots=True)
class OIDCAnswer:
    """What the browser brings back: the parameters of the address, "" for one that is not there."""

    state: str = ""
    code: str = ""
    error: str = ""
    issuer: str = ""
    is_ambiguous: bool = False
    """A parameter came twice, and readers differ about which one counts."""


@dataclass(frozen=True, slots=True)
class OIDCSignIn:
    """Who came, and where to. A trial signs nobody in: it has an answer to show instead of a person."""

    person: User | None
    goal: str
    words: SessionWords
    tried: UUID | None = None


def begin_oidc_sign_in(connection: SSOConnection, *, goal: str, is_test: bool = False) -> BegunSignIn:
    """A request to the provider, good for ten minutes and for the browser that holds the token. OIDCInvalidError."""
    provider: OIDCProvider = connection.oidc_provider
    asked = new_request(goal=goal, is_test=is_test)
    return BegunSignIn(request_url(provider, discovered(provider), asked), note_for_browser(connection, asked))


def receive_oidc_answer(provider: OIDCProvider, *, answer: OIDCAnswer, browser_token: str, address: str) -> OIDCSignIn:
    """What came of a sign-in that this browser began, once.

    Raises OIDCInvalidError for every fault, NotAdmittedError, TooManyAttemptsError after fifty from one network within a quarter of
    an hour.
    """
    connection = provider.connection
    attempt = Attempt("oidc_answer", "", address)
    begin_attempt(attempt)
    try:
        asked = asked_by_browser(connection, note=browser_token, state=answer.state)
        claims, words = _believed(provider, answer, asked)
        tried = _use_up(connection, asked, claims)
    except OIDCInvalidError as error:
        _record_refusal(connection, error.reason)
        raise
    forgive_attempt(attempt)
    if tried is not None:
        return OIDCSignIn(None, "", words, tried.pk)
    return OIDCSignIn(admit_from_sso(connection, claims), asked.goal, words)


def _believed(provider: OIDCProvider, answer: OIDCAnswer, asked: AskedSignIn) -> tuple[Claims, SessionWords]:
    """Who the provider says this is and what it calls the session, after every check. A code is sent to nobody but the provider that was asked."""
    if not provider.connection.is_enabled and not asked.is_test:
        raise OIDCInvalidError("switched_off")
    facts = discovered(provider)
    _refuse_other_provider(facts, answer)
    _refuse_without_code(answer)
    tokens = tokens_for(provider, facts, code=answer.code, code_verifier=asked.code_verifier)
    said = _id_token(provider, facts, tokens, asked)
    directory = directory_of(provider.issuer, ProviderPreset(provider.connection.preset))
    subject = subject_of(said, directory=directory)
    words = SessionWords(subject=str(said["sub"]), session_index=_session_id(said))
    if facts.userinfo_endpoint and tokens.access_token and not directory and lacks_claims(provider.connection, said):
        more = user_info(facts, access_token=tokens.access_token, subject=str(said["sub"]))
        said = joined(said, more, names=names_of(provider.connection))
    return claims_from(provider.connection, said, subject=subject), words


def _refuse_other_provider(facts: Discovered, answer: OIDCAnswer) -> None:
    """Mix-up (RFC 9207): an answer that names another provider, or none where ours always does."""
    if answer.is_ambiguous:
        raise OIDCInvalidError("repeated_parameter")
    if answer.issuer != facts.issuer and (answer.issuer or facts.announces_iss):
        raise OIDCInvalidError("other_provider")


def _refuse_without_code(answer: OIDCAnswer) -> None:
    if answer.error:
        raise OIDCDeniedError("denied") if answer.error in _DENIALS else OIDCRefusedError("request_refused")
    if not 0 < len(answer.code) <= _LONGEST_CODE or not answer.code.isprintable():
        raise OIDCInvalidError("no_code")


def _session_id(said: dict[str, Any]) -> str:
    """What the provider will call this session when it ends it; "" where it does not say."""
    sid = said.get("sid")
    return sid if isinstance(sid, str) and len(sid) <= _LONGEST_SESSION_ID else ""


def _id_token(provider: OIDCProvider, facts: Discovered, tokens: Tokens, asked: AskedSignIn) -> dict[str, Any]:
    header = token_header(tokens.id_token)
    keys = keys_for(provider, jwks_uri=facts.jwks_uri, kid=header.kid, algorithm=header.algorithm)
    said = signed_claims(tokens.id_token, keys=keys, algorithm=header.algorithm)
    expected = Expectation(
        issuer=provider.issuer,
        client_id=provider.client_id,
        nonce=asked.nonce,
        access_token=tokens.access_token,
        at=now(),
    )
    refuse_wrong_claims(said, expected, algorithm=header.algorithm)
    return said


def _use_up(connection: SSOConnection, asked: AskedSignIn, claims: Claims) -> AnsweredSignIn | None:
    """The unique constraint is the replay guard: each state is good once, in whichever process. For a trial, what came."""
    life = timedelta(seconds=settings.SSO_REQUEST_MAX_AGE_S)
    try:
        with transaction.atomic():
            SeenAssertion.objects.create(
                connection=connection, assertion_id=f"oidc {asked.state}", expires_at=now() + life
            )
            if not asked.is_test:
                return None
            return AnsweredSignIn.objects.create(
                connection=connection,
                request_id=f"oidc {asked.state}",
                expires_at=now() + COLLECT_LIFE,
                collected_at=now(),
                claims_sealed=sealed_claims(claims),
            )
    except IntegrityError as error:
        raise OIDCInvalidError("used_before") from error


@transaction.atomic
def _record_refusal(connection: SSOConnection, reason: str) -> None:
    detail = {"connection": connection.name, "reason": reason}
    record("sso.answer_refused", actor=None, target=connection.pk, detail=detail)
