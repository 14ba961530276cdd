"""A signed-in session ends at once when it must; the page then speaks the person's language and time."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from apps.accounts.models import User
from apps.kernel.clock import now

IDLE_LIMIT_S = 30 * 60
_NOTE_EVERY_S = 60
_STARTED = "started_at_s"
_SEEN = "seen_at_s"


class SessionEpochMiddleware:
    """Ends sessions that are stale (role, password or access changed), idle, or too old.

    The epoch is part of the session's hash (User.get_session_auth_hash), which Django compares whenever it loads the person;
    what is left to do here is to remove the session, and to keep its clock.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as the person whose session still holds, else as nobody."""
        if SESSION_KEY not in request.session:
            return self.get_response(request)
        person = request.user
        if not isinstance(person, User) or not _keeps_time(request.session, person):
            request.session.flush()
            request.user = AnonymousUser()
            return self.get_response(request)
        translation.activate(person.language)
        request.LANGUAGE_CODE = translation.get_language() or person.language
        with timezone.override(ZoneInfo(person.time_zone)):
            return self.get_response(request)


def _keeps_time(session: SessionBase, person: User) -> bool:
    """False once the session was idle, or lived, too long. Notes that it was used, at most once a minute."""
    at = now()
    at_s = int(at.timestamp())
    started_s, seen_s = session.get(_STARTED, at_s), session.get(_SEEN, 0)
    if at_s - started_s > settings.SESSION_COOKIE_AGE or (seen_s and at_s - seen_s > IDLE_LIMIT_S):
        return False
    if at_s - seen_s >= _NOTE_EVERY_S:
        session.update({_STARTED: started_s, _SEEN: at_s})
        User.objects.filter(pk=person.pk).update(last_seen=at)
    return True
