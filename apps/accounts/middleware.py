"""A signed-in session ends at once when it must; the page then speaks the person's language and time."""

from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils import timezone, translation

from apps.accounts.circumstances import NOTE_LIFE_S, Circumstances, coming_from
from apps.accounts.errors import SecondFactorOwedError
from apps.accounts.models import User
from apps.accounts.policies import rule_asks
from apps.accounts.second_factor.session_notes import is_by_password_alone
from apps.accounts.selectors import second_factors_of
from apps.accounts.session_store import SessionStore
from apps.kernel.clock import now
from apps.kernel.http.error_pages import error_answer, wants_json

_WHERE_ONE_SETS_UP = frozenset(
    {
        "accounts:second_factors",
        "accounts:authenticator_app",
        "accounts:new_passkey_options",
        "accounts:passkeys",
        "accounts:confirm",
        "accounts:confirm_by_passkey",
        "accounts:theme",
    }
)


class SessionEpochMiddleware:
    """Ends sessions that are stale (role, password or access changed).

    The epoch is part of the session's hash (User.get_session_auth_hash), which Django compares whenever it loads the person, and
    the store does not find a session that is idle or too old; what is left to do here is to remove the session, and to note its use.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as the person whose session still holds, else as nobody."""
        if SESSION_KEY not in request.session:
            return self.get_response(request)
        person = request.user
        if not isinstance(person, User):
            request.session.flush()
            request.user = AnonymousUser()
            return self.get_response(request)
        _note_use(request, person)
        translation.activate(person.language)
        request.LANGUAGE_CODE = translation.get_language() or person.language
        with timezone.override(ZoneInfo(person.time_zone)):
            return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], *given: Any) -> HttpResponse | None:
        """Whom a rule now asks for a second factor, and who came without, shows or sets up one before the next page."""
        del given
        if not _owes_second_factor(request) or _is_open(request, view):
            return None
        if wants_json(request):
            return error_answer(request, SecondFactorOwedError())
        if second_factors_of(cast("User", request.user)).are_there:
            goal = request.get_full_path() if request.method == "GET" else "/"
            return redirect(f"{resolve_url('accounts:confirm')}?{urlencode({'next': goal})}")
        return redirect("accounts:second_factors")


class CircumstancesMiddleware:
    """Fills the circumstances (circumstances.py) from the request, and leaves a note in a browser that somebody has signed in with."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with the note if it is time for one."""
        seen = Circumstances(
            user_agent=request.headers.get("User-Agent", ""), note=request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")
        )
        with coming_from(seen):
            response = self.get_response(request)
            if seen.is_to_be_remembered:
                response.set_cookie(
                    settings.DEVICE_COOKIE_NAME,
                    seen.new_note(),
                    max_age=NOTE_LIFE_S,
                    secure=settings.SESSION_COOKIE_SECURE,
                    httponly=True,
                    samesite="Lax",
                )
        return response


def _owes_second_factor(request: HttpRequest) -> bool:
    """Asks nothing of the database: the rule came with the session."""
    session, person = request.session, request.user
    return (
        isinstance(person, User)
        and isinstance(session, SessionStore)
        and rule_asks(session.second_factor_rule, person)
        and is_by_password_alone(session)
    )


def _is_open(request: HttpRequest, view: Callable[..., Any]) -> bool:
    """Pages for everybody, and those on which one sets up or shows a factor."""
    match = request.resolver_match
    is_public = getattr(getattr(view, "view_class", None), "capability", "") is None
    return is_public or (match is not None and match.view_name in _WHERE_ONE_SETS_UP)


def _note_use(request: HttpRequest, person: User) -> None:
    """Note that the session was used, at most once a minute; the first use at once, for nobody who is here was never seen."""
    session = request.session
    if isinstance(session, SessionStore) and (session.note_use() or person.last_seen is None):
        User.objects.filter(pk=person.pk).update(last_seen=now())
