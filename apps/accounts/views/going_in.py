"""The door between a password and a session: what has to be shown first, and where one goes then."""

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from apps.accounts.choices import SignInWay
from apps.accounts.circumstances import circumstances
from apps.accounts.models import SSOConnection, User
from apps.accounts.risk.errors import SignInStoppedError
from apps.accounts.second_factor.passkeys import RelyingParty
from apps.accounts.second_factor.session_notes import (
    ChallengeUse,
    Strength,
    forget_half_sign_in,
    half_sign_in,
    keep_provider_words,
    note_proof,
    open_half_sign_in,
    take_challenge,
)
from apps.accounts.services.mailed_code import ask_for_mailed_code
from apps.accounts.services.provider_sessions import kept_words, remember_kept_session
from apps.accounts.services.sign_in import NextStep, PasswordAccepted, next_step_of
from apps.accounts.services.use_passkey import PasskeyAnswer
from apps.accounts.sso.saml_profile import SessionWords
from apps.accounts.views.sessions import note_sign_in, this_session
from apps.kernel.audit.request_context import request_context
from apps.kernel.tenancy.context import current_tenant
from apps.kernel.tenancy.hosts import canonical_host

_BACKEND = "django.contrib.auth.backends.ModelBackend"
_PAGE_OF = {
    NextStep.SHOW_SECOND_FACTOR: "accounts:second_factor",
    NextStep.SHOW_MAILED_CODE: "accounts:mailed_code",
    NextStep.SET_UP_SECOND_FACTOR: "accounts:second_factor_set_up",
}


def start_session(
    request: HttpRequest, person: User, *, strength: Strength = Strength.PASSWORD, connection_name: str = ""
) -> None:
    """Sign the person in under a new session key: one that was known before is worth nothing. The one place where a session begins.

    SignInStoppedError for somebody whose sign-in is risky and who has not shown more yet: go_on() leads them there.
    """
    if person.must_step_up:
        raise SignInStoppedError
    if request.user.is_authenticated:
        logout(request)
    forget_half_sign_in(request.session)
    login(request, person, backend=_BACKEND)
    note_proof(request.session, strength)
    note_sign_in(request, way=SignInWay(strength.value), connection_name=connection_name)
    circumstances().is_to_be_remembered = True


def go_on(request: HttpRequest, accepted: PasswordAccepted, goal: str, *, connection_name: str = "") -> HttpResponse:
    """Start the session of somebody whose password is all that is asked; lead everybody else to what is left to show or to set up.

    `connection_name` is the directory's whose password it was.
    """
    strength = Strength.DIRECTORY if connection_name else Strength.PASSWORD
    if accepted.next_step == NextStep.COME_IN:
        start_session(request, accepted.person, strength=strength, connection_name=connection_name)
        return redirect(goal)
    open_half_sign_in(request.session, accepted.person, goal=goal, strength=strength, connection_name=connection_name)
    return lead_on(request, accepted.person, accepted.next_step)


def go_on_from_provider(
    request: HttpRequest, person: User, *, connection: SSOConnection, words: SessionWords, goal: str
) -> HttpResponse:
    """Start the session of somebody whom admit_from_sso() let in; whose sign-in is risky shows more first, whoever has vouched for them.

    `words` are what the provider calls the session, by which it can end it.
    """
    if not person.must_step_up:
        start_session(request, person, strength=Strength.SSO, connection_name=connection.name)
        remember_words(request, kept_words(connection, words))
        return redirect(goal)
    open_half_sign_in(request.session, person, goal=goal, strength=Strength.SSO, connection_name=connection.name)
    keep_provider_words(request.session, kept_words(connection, words))
    return lead_on(request, person, next_step_of(person, steps_up=True))


def remember_words(request: HttpRequest, kept: str) -> None:
    """The session that has just begun can be ended by its provider from now on; nothing without words."""
    session_id = this_session(request)
    if kept and session_id is not None:
        remember_kept_session(kept, session_id=session_id)


def lead_on(request: HttpRequest, person: User, next_step: NextStep) -> HttpResponse:
    """To the page of the next step of a half sign-in; where that is a mailed code, it is sent."""
    half = half_sign_in(request.session)
    if next_step == NextStep.SHOW_MAILED_CODE and half.sign_in_id is not None:
        ask_for_mailed_code(person, sign_in_id=half.sign_in_id, address=request_context().ip or "")
    return redirect(_PAGE_OF[next_step])


def own_address(request: HttpRequest, wanted: str) -> str:
    """`wanted` if it is a path of this host, else the start page."""
    is_ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts=None, require_https=request.is_secure()
    )
    return wanted if is_ours else "/"


def relying_party(request: HttpRequest) -> RelyingParty:
    """This page for an authenticator: the host that was asked, which belongs to this organization alone, and its exact origin."""
    host = request.get_host().lower()
    # The scheme is the installation's: behind a proxy, a request does not know how its browser came.
    return RelyingParty(canonical_host(host), f"{settings.PRISM_SCHEME}://{host}", current_tenant().name)


def passkey_answer(request: HttpRequest, use: ChallengeUse) -> PasskeyAnswer:
    """What the page sent, with the challenge that this browser was given; the challenge is gone with it, whatever comes of the answer."""
    return PasskeyAnswer(
        answer=request.POST.get("credential", ""),
        challenge=take_challenge(request.session, use),
        party=relying_party(request),
        address=request_context().ip or "",
    )
