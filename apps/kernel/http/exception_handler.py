"""Every error of the API as problem+json."""

from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import DataError, InterfaceError, OperationalError
from django.http import Http404, HttpResponse
from django.http.multipartparser import MultiPartParserError
from rest_framework import exceptions
from rest_framework.views import set_rollback

from apps.kernel.errors import DomainError, InvalidInputError, NotAllowedError, NotFoundError
from apps.kernel.http.problem_details import problem_for
from apps.kernel.http.protocol_errors import (
    BadRequestError,
    BodyTooLargeError,
    DatabaseUnavailableError,
    MethodNotAllowedError,
    NotAcceptableError,
    NotSignedInError,
    UnreadableBodyError,
    UnsupportedMediaTypeError,
)

# In this order: the first that fits is the answer. A child stands before its parent.
_ANSWERS: tuple[tuple[type[Exception], type[DomainError]], ...] = (
    (Http404, NotFoundError),
    (exceptions.NotFound, NotFoundError),
    (PermissionDenied, NotAllowedError),
    (exceptions.PermissionDenied, NotAllowedError),
    (exceptions.NotAuthenticated, NotSignedInError),
    (exceptions.AuthenticationFailed, NotSignedInError),
    (exceptions.ParseError, UnreadableBodyError),
    (MultiPartParserError, UnreadableBodyError),
    (exceptions.MethodNotAllowed, MethodNotAllowedError),
    (exceptions.NotAcceptable, NotAcceptableError),
    (exceptions.UnsupportedMediaType, UnsupportedMediaTypeError),
    (exceptions.ValidationError, InvalidInputError),
    (RequestDataTooBig, BodyTooLargeError),
    (SuspiciousOperation, BadRequestError),
    # A value that passed every check of form and does not fit its column.
    (DataError, InvalidInputError),
)
_RETRY_AFTER_S = 5


def handle(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """DRF's EXCEPTION_HANDLER: the answer for an expected error; None lets a fault become a 500."""
    # What problem_for reads of a request, DRF's wrapper passes through.
    request = context.get("request")
    set_rollback()
    known = domain_error_for(error)
    if known is None:
        return None
    response = problem_for(request, known, errors=_faults_of(error))
    if response.status_code == 401:
        response["WWW-Authenticate"] = 'Bearer realm="api"'
    if isinstance(error, exceptions.MethodNotAllowed) and (view := context.get("view")) is not None:
        response["Allow"] = ", ".join(view.allowed_methods)
    return response


def domain_error_for(error: Exception) -> DomainError | None:
    """The refusal that an error of the frameworks means; None for a fault."""
    if isinstance(error, DomainError):
        return error
    if isinstance(error, OperationalError | InterfaceError):
        return DatabaseUnavailableError(retry_after_s=_RETRY_AFTER_S)
    return next((answer() for kind, answer in _ANSWERS if isinstance(error, kind)), None)


def _faults_of(error: Exception) -> list[dict[str, str]]:
    """The faults by field, each with a JSON pointer (RFC 6901)."""
    return _pointed(error.detail, "") if isinstance(error, exceptions.ValidationError) else []


def _pointed(detail: Any, pointer: str) -> list[dict[str, str]]:
    if isinstance(detail, dict):
        return [
            fault
            for name, inner in detail.items()
            for fault in _pointed(inner, pointer if name == "non_field_errors" else f"{pointer}/{_escaped(name)}")
        ]
    if isinstance(detail, list):
        return [
            fault
            for index, inner in enumerate(detail)
            for fault in _pointed(inner, f"{pointer}/{index}" if isinstance(inner, dict) and inner else pointer)
        ]
    return [{"pointer": pointer, "detail": str(detail)}]


def _escaped(name: object) -> str:
    return str(name).replace("~", "~0").replace("/", "~1")
