"""Every error of the API as problem+json."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from rest_framework import exceptions
from rest_framework.views import set_rollback

from apps.kernel.errors import DomainError
from apps.kernel.http.problem_details import problem_for, problem_response


def handle(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """DRF's EXCEPTION_HANDLER: the answer for an expected error; None lets a fault become a 500."""
    # What problem_for reads of a request, DRF's wrapper passes through.
    request = context.get("request")
    set_rollback()
    if isinstance(error, DomainError):
        return problem_for(request, error)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    if isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        return None
    response = problem_response(
        request,
        status=error.status_code,
        code=_code_of(error),
        detail=_detail_of(error),
        extra=_errors_of(error),
    )
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        response["WWW-Authenticate"] = getattr(error, "auth_header", None) or 'Bearer realm="api"'
    wait_s = getattr(error, "wait", None)
    if isinstance(error, exceptions.Throttled) and wait_s:
        response["Retry-After"] = str(int(wait_s) + 1)
    return response


def _code_of(error: exceptions.APIException) -> str:
    if isinstance(error, exceptions.ValidationError):
        return "invalid_input"
    if isinstance(error, exceptions.NotFound):
        return "not_found"
    if isinstance(error, exceptions.PermissionDenied):
        return "not_allowed"
    code = error.get_codes()
    return code if isinstance(code, str) else str(error.default_code)


def _detail_of(error: exceptions.APIException) -> str:
    if isinstance(error, exceptions.ValidationError):
        return "Some fields cannot be used; see errors."
    return str(error.detail)


def _errors_of(error: exceptions.APIException) -> dict[str, object]:
    """The faults by field, each with a JSON pointer."""
    if not isinstance(error, exceptions.ValidationError):
        return {}
    detail = error.detail
    if isinstance(detail, list):
        detail = {"": detail}
    return {
        "errors": [
            {"pointer": f"/{name}" if name and name != "non_field_errors" else "", "detail": str(message)}
            for name, messages in detail.items()
            for message in (messages if isinstance(messages, list) else [messages])
        ]
    }
