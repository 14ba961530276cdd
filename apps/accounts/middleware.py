"""A signed-in session ends at once when it must; the page then speaks the person's language and time."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from apps.accounts.models import User
from apps.accounts.session_store import SessionStore
from apps.kernel.clock import now


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


def _note_use(request: HttpRequest, person: User) -> None:
    """Note that the session was used, at most once a minute."""
    session = request.session
    if isinstance(session, SessionStore) and session.note_use():
        User.objects.filter(pk=person.pk).update(last_seen=now())
