"""Error answers: a page for people, problem+json for programs; neither says more than it must."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from apps.kernel.http.partials import is_partial
from apps.kernel.http.problem_details import problem_response, request_id_of

_PAGES = {400, 403, 404, 409, 429, 500, 503}
# These may be shown because the database is away: their page must not ask it who is signed in.
_WITHOUT_PERSON = {500, 503}


def wants_json(request: HttpRequest) -> bool:
    """True for the API, for a script that asks for JSON, and for htmx: a page swapped into a page would help nobody."""
    return (
        request.path.startswith("/api/")
        or "application/json" in request.headers.get("Accept", "")
        or is_partial(request)
    )


def error_answer(request: HttpRequest, *, status: int, code: str, sentence: str) -> HttpResponse:
    """One error in the form that the caller reads."""
    if wants_json(request):
        return problem_response(request, status=status, code=code, detail=sentence)
    page = 409 if status == 412 else status
    template = f"{page if page in _PAGES else 400}.html"
    context = {"sentence": sentence, "code": code, "request_id": request_id_of(request)}
    content = render_to_string(template, context, None if status in _WITHOUT_PERSON else request)
    return HttpResponse(content, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler400."""
    del exception
    return error_answer(request, status=400, code="bad_request", sentence=_("This request could not be understood."))


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler403."""
    del exception
    return error_answer(request, status=403, code="not_allowed", sentence=_("You are not allowed to do this."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """CSRF_FAILURE_VIEW."""
    del reason
    sentence = _("This form is too old or came from another site. Go back, reload the page and try again.")
    return error_answer(request, status=403, code="csrf_failed", sentence=sentence)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """handler404: the same bytes whether a thing is missing or not yours."""
    del exception
    return error_answer(
        request, status=404, code="not_found", sentence=_("This does not exist, or you have no access to it.")
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500."""
    return error_answer(
        request,
        status=500,
        code="server_error",
        sentence=_("Something went wrong on our side. Nothing was lost; please try again."),
    )


def unknown_host(request: HttpRequest) -> HttpResponse:
    """A host that belongs to nobody: plain text, no cookie, no list of who else is here."""
    del request
    return HttpResponse("There is nothing at this address.\n", status=404, content_type="text/plain; charset=utf-8")


def suspended(request: HttpRequest) -> HttpResponse:
    """A suspended organization: plain text, without its name."""
    del request
    return HttpResponse(
        "This organization is suspended. Its data is kept. Please contact your administrator.\n",
        status=403,
        content_type="text/plain; charset=utf-8",
    )
