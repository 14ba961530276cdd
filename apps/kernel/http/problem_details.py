"""A refusal as RFC 9457 problem+json; the one table from error family to HTTP status."""

from collections.abc import Mapping, Sequence

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext

from apps.kernel.errors import (
    ConflictError,
    DomainError,
    InvalidInputError,
    LimitReachedError,
    NotAllowedError,
    NotFoundError,
    UnavailableError,
)

MEDIA_TYPE = "application/problem+json"
_STATUS: tuple[tuple[type[DomainError], int], ...] = (
    (NotFoundError, 404),
    (NotAllowedError, 403),
    (InvalidInputError, 400),
    (ConflictError, 409),
    (LimitReachedError, 429),
    (UnavailableError, 503),
)
_TITLES = {
    400: "Bad request",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    406: "Not acceptable",
    409: "Conflict",
    412: "Precondition failed",
    413: "Too large",
    415: "Unsupported media type",
    422: "Unprocessable",
    428: "Precondition required",
    429: "Too many requests",
    500: "Server error",
    503: "Unavailable",
    507: "No room",
}


def status_of(error: DomainError) -> int:
    """The HTTP status of an error: its own `http_status` where it has one, else its family's."""
    own = getattr(error, "http_status", None)
    if isinstance(own, int):
        return own
    return next((status for family, status in _STATUS if isinstance(error, family)), 400)


def sentence_of(error: DomainError) -> str:
    """The error's sentence in the reader's language."""
    template = gettext(error.sentence)
    return template % error.fields if error.fields else template


def problem_body(status: int, code: str, detail: str, request_id: str) -> dict[str, object]:
    """The JSON body. `code` is stable; `detail` is for people."""
    return {
        "type": f"urn:prism:error:{code}",
        "title": _TITLES.get(status, "Error"),
        "status": status,
        "code": code,
        "detail": detail,
        "request_id": request_id,
    }


def request_id_of(request: HttpRequest | None) -> str:
    """The id that the answer's X-Request-ID header shows."""
    return str(getattr(request, "request_id", "")) if request is not None else ""


def problem_response(
    request: HttpRequest | None, *, status: int, code: str, detail: str, extra: Mapping[str, object] | None = None
) -> JsonResponse:
    """The whole answer; `extra` adds members such as `errors` or `retry_after_s`."""
    # The members of the standard win: a field of an error cannot rename its status.
    body = dict(extra or {}) | problem_body(status, code, detail, request_id_of(request))
    response = JsonResponse(body, status=status, content_type=MEDIA_TYPE)
    retry_after = body.get("retry_after_s")
    if isinstance(retry_after, int):
        response["Retry-After"] = str(retry_after)
    return response


def problem_for(
    request: HttpRequest | None, error: DomainError, *, errors: Sequence[Mapping[str, str]] = ()
) -> JsonResponse:
    """A domain error as problem+json, its plain fields included; `errors` are the faults by field."""
    extra: dict[str, object] = {
        name: value for name, value in error.fields.items() if isinstance(value, str | int | float | bool)
    }
    if errors:
        extra["errors"] = list(errors)
    return problem_response(request, status=status_of(error), code=error.code, detail=sentence_of(error), extra=extra)
