"""Error answers: a page for people, problem+json for programs; neither says more than it must."""

import errno
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from apps.kernel.errors import DomainError, NotAllowedError, NotFoundError
from apps.kernel.http.partials import is_partial
from apps.kernel.http.problem_details import problem_for, request_id_of, sentence_of, status_of
from apps.kernel.http.protocol_errors import (
    BadRequestError,
    CsrfFailedError,
    DatabaseUnavailableError,
    NoRoomError,
    OrganizationSuspendedError,
    ServerFaultError,
    UnknownHostError,
)

_RETRY_AFTER_S = 5
_PAGES = {400, 403, 404, 409, 429, 500, 503, 507}
# These may be shown because the database is away: their page must not ask it who is signed in.
_WITHOUT_PERSON = {500, 503}
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def is_api(request: HttpRequest) -> bool:
    """True for an address that programs call: the API, and the one for directories of identity providers."""
    return request.path.startswith(("/api/", "/scim/"))


def wants_json(request: HttpRequest) -> bool:
    """True for the API, for a script that asks for JSON, and for htmx: a page swapped into a page would help nobody."""
    return is_api(request) or "application/json" in request.headers.get("Accept", "") or is_partial(request)


def error_answer(request: HttpRequest, error: DomainError) -> HttpResponse:
    """One error in the form that the caller reads."""
    if wants_json(request):
        return problem_for(request, error)
    status = status_of(error)
    page = 409 if status == 412 else status
    template = f"{page if page in _PAGES else 400}.html"
    context = {"sentence": sentence_of(error), "code": error.code, "request_id": request_id_of(request)}
    content = render_to_string(template, context, None if status in _WITHOUT_PERSON else request)
    answer = HttpResponse(content, status=status)
    wait_s = error.fields.get("retry_after_s")
    if isinstance(wait_s, int):
        answer["Retry-After"] = str(wait_s)
    return answer


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler400."""
    del exception
    return error_answer(request, BadRequestError())


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler403."""
    del exception
    return error_answer(request, NotAllowedError())


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW."""
    del reason
    return error_answer(request, CsrfFailedError())


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler404: the same bytes whether a thing is missing or not yours."""
    del exception
    return error_answer(request, NotFoundError())


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500; a database that is away or too slow, or a full disk, is no fault of the code, and worth another try."""
    fault = sys.exc_info()[1]
    if isinstance(fault, OperationalError | InterfaceError):
        return database_unavailable(request)
    if isinstance(fault, OSError) and fault.errno in _FULL:
        return error_answer(request, NoRoomError())
    return error_answer(request, ServerFaultError())


def database_unavailable(request: HttpRequest) -> HttpResponse:
    """The database is away: a page or a problem that says when to try again."""
    return error_answer(request, DatabaseUnavailableError(retry_after_s=_RETRY_AFTER_S))


def unknown_host(request: HttpRequest) -> HttpResponse:
    """A host that belongs to nobody: plain text, no cookie, no list of who else is here."""
    return _without_tenant(request, UnknownHostError())


def suspended(request: HttpRequest) -> HttpResponse:
    """A suspended organization: plain text, without its name."""
    return _without_tenant(request, OrganizationSuspendedError())


def _without_tenant(request: HttpRequest, error: DomainError) -> HttpResponse:
    """A page would need a person and a language; there is neither."""
    if is_api(request):
        return problem_for(request, error)
    return HttpResponse(f"{error}\n", status=status_of(error), content_type="text/plain; charset=utf-8")
