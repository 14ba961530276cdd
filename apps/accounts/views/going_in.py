"""The door between a password and a session: what has to be shown first, and where one goes then."""

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from apps.accounts.choices import SignInWay
from apps.accounts.models import User
from apps.accounts.second_factor.passkeys import RelyingParty
from apps.accounts.second_factor.session_notes import (
    ChallengeUse,
    Strength,
    forget_half_sign_in,
    note_proof,
    open_half_sign_in,
    take_challenge,
)
from apps.accounts.services.sign_in import NextStep, PasswordAccepted
from apps.accounts.services.use_passkey import PasskeyAnswer
from apps.accounts.views.sessions import note_sign_in
from apps.kernel.audit.request_context import request_context
from apps.kernel.tenancy.context import current_tenant
from apps.kernel.tenancy.hosts import canonical_host

_BACKEND = "django.contrib.auth.backends.ModelBackend"
_PAGE_OF = {
    NextStep.SHOW_SECOND_FACTOR: "accounts:second_factor",
    NextStep.SET_UP_SECOND_FACTOR: "accounts:second_factor_set_up",
}


def start_session(
    request: HttpRequest, person: User, *, strength: Strength = Strength.PASSWORD, connection_name: str = ""
) -> None:
    """Sign the person in under a new session key: one that was known before is worth nothing. The one place where a session begins."""
    if request.user.is_authenticated:
        logout(request)
    forget_half_sign_in(request.session)
    login(request, person, backend=_BACKEND)
    note_proof(request.session, strength)
    note_sign_in(request, way=SignInWay(strength.value), connection_name=connection_name)


def go_on(request: HttpRequest, accepted: PasswordAccepted, goal: str, *, connection_name: str = "") -> HttpResponse:
    """Start the session of somebody whose password is all that is asked; lead everybody else to what is left to show or to set up.

    `connection_name` is the directory's whose password it was.
    """
    if accepted.next_step == NextStep.COME_IN:
        strength = Strength.DIRECTORY if connection_name else Strength.PASSWORD
        start_session(request, accepted.person, strength=strength, connection_name=connection_name)
        return redirect(goal)
    open_half_sign_in(request.session, accepted.person, goal=goal, connection_name=connection_name)
    return redirect(_PAGE_OF[accepted.next_step])


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
