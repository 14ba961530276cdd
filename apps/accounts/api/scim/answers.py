"""Answers in SCIM's own form: lists, and errors as RFC 7644 section 3.12 has them."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse, JsonResponse
from pydantic import ValidationError
from rest_framework import exceptions
from rest_framework.views import set_rollback
from scim2_models import Error, ListResponse, SCIMException

from apps.accounts.errors import AlreadyProvisionedError, NotForProvisioningError
from apps.kernel.errors import DomainError, InvalidInputError
from apps.kernel.http.exception_handler import domain_error_for
from apps.kernel.http.problem_details import sentence_of, status_of
from apps.kernel.http.protocol_errors import BadRequestError, MethodNotAllowedError, UnreadableBodyError

MEDIA_TYPE = "application/scim+json"
# In this order: the first that fits. "" stands for an error without a keyword.
_SCIM_TYPES: tuple[tuple[type[DomainError], str], ...] = (
    (AlreadyProvisionedError, "uniqueness"),
    (NotForProvisioningError, "mutability"),
    (UnreadableBodyError, "invalidSyntax"),
    (MethodNotAllowedError, ""),
    (BadRequestError, ""),
    (InvalidInputError, "invalidValue"),
)


def handle(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """The EXCEPTION_HANDLER of SCIM addresses; None lets a fault become a 500."""
    set_rollback()
    if isinstance(error, ValidationError):
        return error_answer(Error.from_validation_errors(error)[0])
    if isinstance(error, SCIMException):
        return error_answer(error.to_error())
    known = domain_error_for(error)
    if known is None:
        return None
    keyword = next((word for kind, word in _SCIM_TYPES if isinstance(known, kind)), "")
    answer = error_answer(Error(status=status_of(known), scim_type=keyword or None, detail=sentence_of(known)))
    if answer.status_code == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="scim"'
    wait_s = known.fields.get("retry_after_s")
    if isinstance(wait_s, int):
        answer["Retry-After"] = str(wait_s)
    if isinstance(error, exceptions.MethodNotAllowed):
        answer["Allow"] = ", ".join(context["view"].allowed_methods)
    return answer


def error_answer(error: Error) -> HttpResponse:
    """The whole answer; the detail bounded, so that nothing long comes back that was sent."""
    body = error.model_dump()
    body["detail"] = str(body.get("detail") or "")[:500]
    return JsonResponse(body, status=error.status or 400, content_type=MEDIA_TYPE)


def list_body(resources: Sequence[dict[str, Any]], *, total: int, start: int) -> dict[str, Any]:
    """One page (RFC 7644 section 3.4.2)."""
    return {
        "schemas": [str(ListResponse.__schema__)],
        "totalResults": total,
        "startIndex": start,
        "itemsPerPage": len(resources),
        "Resources": list(resources),
    }
