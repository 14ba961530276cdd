"""Headers that every answer carries, and the place where a page's domain error becomes an answer."""

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from apps.kernel.database.outage import is_known_to_be_out
from apps.kernel.errors import DomainError
from apps.kernel.http.error_pages import database_unavailable, error_answer
from apps.kernel.identifiers import new_id

GetResponse = Callable[[HttpRequest], HttpResponse]
_PLAIN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}\Z")


class ResponseHeadersMiddleware:
    """Gives each request its id, and each answer the headers that Django has no setting for."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with X-Request-ID, Permissions-Policy, CORP, and no caching of what a person sees."""
        given = request.headers.get("X-Request-ID", "")
        request.request_id = given if _PLAIN_ID.match(given) else str(new_id())  # type: ignore[attr-defined]
        response = self.get_response(request)
        response["X-Request-ID"] = request.request_id  # type: ignore[attr-defined]
        response.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.setdefault("Cache-Control", "no-store")
        return response


class DatabaseOutMiddleware:
    """While PostgreSQL is known not to answer, nobody waits for it, and the log has one line a request instead of a traceback."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """503 with Retry-After at once, or the next layer's answer."""
        if is_known_to_be_out():
            return database_unavailable(request)
        return self.get_response(request)


class DomainErrorMiddleware:
    """Turns a domain error that a page's view raised into a page, or into problem+json for a script."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on; see process_exception."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The answer for a domain error; None for a fault."""
        if not isinstance(error, DomainError):
            return None
        return error_answer(request, error)
