"""Idempotency-Key on POST: the same request sent again gets the same answer and has no second effect."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.http import HttpResponse
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from apps.kernel.clock import now
from apps.kernel.errors import ConflictError, InvalidInputError, NotAllowedError, gettext_noop
from apps.kernel.http.models import IdempotentReply

HEADER = "Idempotency-Key"
_LONGEST_KEY = 200
_KEPT = timedelta(hours=24)
# A first request that has not answered by then died with its process; the next one takes its place.
_GIVEN_UP = timedelta(minutes=2)


class StillRunningError(ConflictError):
    """The first request with this key has not been answered yet."""

    code = "idempotency_in_progress"
    sentence = gettext_noop("A request with this Idempotency-Key is still running.")


class KeyReusedError(InvalidInputError):
    """The key was used for another request."""

    code = "idempotency_key_reused"
    sentence = gettext_noop("This Idempotency-Key was used for a different request.")
    http_status = 422


class KeyTooLongError(InvalidInputError):
    """The key does not fit."""

    code = "idempotency_key_invalid"
    sentence = gettext_noop("An Idempotency-Key has 1 to 200 characters.")


def answer_once(request: Request, deed: Callable[[], Response]) -> HttpResponse:
    """The answer of `deed`, or the kept one of an earlier request with the same key by the same person.

    Without the header the deed simply runs. Errors are not kept: a refused request may be mended and sent again.
    Raises StillRunningError, KeyReusedError, KeyTooLongError.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return deed()
    if not 0 < len(key) <= _LONGEST_KEY:
        raise KeyTooLongError
    row = _claimed(request, key)
    if row.status is not None:
        return _kept(row)
    try:
        with transaction.atomic():
            response = deed()
            _keep(row, request, response)
    except BaseException:
        # Only to free the key: the deed's own transaction is gone, so a repeated request must be able to run.
        IdempotentReply.objects.filter(pk=row.pk).delete()
        raise
    return response


def _claimed(request: Request, key: str) -> IdempotentReply:
    """This request's own new row, or the finished row of the same request."""
    person_id = _caller_id(request)
    IdempotentReply.objects.filter(created_at__lt=now() - _KEPT).delete()
    IdempotentReply.objects.filter(person_id=person_id, key=key, status=None, created_at__lt=now() - _GIVEN_UP).delete()
    digest = _digest(request)
    try:
        with transaction.atomic():
            return IdempotentReply.objects.create(
                person_id=person_id, key=key, route=request.path[:300], body_digest=digest
            )
    except IntegrityError:
        row = IdempotentReply.objects.get(person_id=person_id, key=key)
    if (row.route, row.body_digest) != (request.path[:300], digest):
        raise KeyReusedError
    if row.status is None:
        raise StillRunningError
    return row


def _caller_id(request: Request) -> UUID:
    """Only people that are signed in get this far."""
    if request.user.pk is None:
        raise NotAllowedError
    return UUID(str(request.user.pk))


def _digest(request: Request) -> str:
    """Over method and content; a file counts by its name and size, as its bytes are read only once."""
    digest = hashlib.sha256(str(request.method).encode())
    data: Any = request.data
    for name in sorted(data):
        value = data[name]
        shown = f"{value.name}:{value.size}" if hasattr(value, "chunks") else repr(value)
        digest.update(f"{name}={shown};".encode())
    return digest.hexdigest()


def _keep(row: IdempotentReply, request: Request, response: Response) -> None:
    row.status = response.status_code
    row.content_type = "application/json"
    row.location = response.get("Location", "")
    row.body = JSONRenderer().render(response.data) if response.data is not None else b""
    row.save(update_fields=["status", "content_type", "location", "body"])


def _kept(row: IdempotentReply) -> HttpResponse:
    response = HttpResponse(bytes(row.body), status=row.status, content_type=row.content_type)
    if row.location:
        response["Location"] = row.location
    response["Idempotency-Replayed"] = "true"
    return response
