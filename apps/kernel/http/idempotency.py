"""Idempotency-Key on POST: the same request sent again gets the same answer and has no second effect."""

import base64
import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.http import HttpResponse, QueryDict
from django.utils.encoding import force_bytes
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from apps.kernel.clock import now
from apps.kernel.errors import ConflictError, InvalidInputError, NotAllowedError, gettext_noop
from apps.kernel.http.models import IdempotentReply

HEADER = "Idempotency-Key"
_LONGEST_KEY = 200
_KEPT = timedelta(hours=24)
_KEPT_HEADERS = ("Location", "ETag")


class StillRunningError(ConflictError):
    """The first request with this key has not been answered yet."""

    code = "idempotency_in_progress"
    sentence = gettext_noop("A request with this Idempotency-Key is still running.")


class KeyReusedError(InvalidInputError):
    """The key was used for another request."""

    code = "idempotency_key_reused"
    sentence = gettext_noop("This Idempotency-Key was used for a different request.")
    http_status = 422


class KeyUnusableError(InvalidInputError):
    """The key does not fit."""

    code = "idempotency_key_invalid"
    sentence = gettext_noop("An Idempotency-Key has 1 to 200 printable ASCII characters.")


def answer_once(request: Request, deed: Callable[[], Response]) -> HttpResponse:
    """The answer of `deed`, or the kept one of an earlier request with the same key by the same person.

    Without the header the deed simply runs. Errors are not kept: a refused request may be mended and sent again. The deed and its kept
    answer are one transaction, so after a crash there are both or neither.
    Raises StillRunningError, KeyReusedError, KeyUnusableError.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return deed()
    if not (0 < len(key) <= _LONGEST_KEY and key.isascii() and key.isprintable()):
        raise KeyUnusableError
    row = _claimed(request, key)
    if row.status is not None:
        return _kept(row)
    try:
        with transaction.atomic():
            # The lock is the sign of life: a claim that nobody holds locked has lost its process, see _claimed.
            _lock_claim(row)
            response = deed()
            _keep(row, response)
    except BaseException:
        # Only to free the key: the deed's own transaction is gone, so a repeated request must be able to run.
        IdempotentReply.objects.filter(pk=row.pk, status=None).delete()
        raise
    return response


def _claimed(request: Request, key: str) -> IdempotentReply:
    """This request's own new row, or the finished row of the same request."""
    person_id = _caller_id(request)
    digest = _digest(request)
    IdempotentReply.objects.filter(created_at__lt=now() - _KEPT).delete()
    _forget_dead_claim(person_id, key)
    try:
        with transaction.atomic():
            return IdempotentReply.objects.create(
                person_id=person_id, key=key, route=request.path[:300], body_digest=digest
            )
    except IntegrityError:
        row = IdempotentReply.objects.filter(person_id=person_id, key=key).first()
    if row is None:
        raise StillRunningError
    if (row.route, row.body_digest) != (request.path[:300], digest):
        raise KeyReusedError
    if row.status is None:
        raise StillRunningError
    return row


def _lock_claim(row: IdempotentReply) -> None:
    """StillRunningError when another request has taken the claim for dead."""
    if not IdempotentReply.objects.select_for_update().filter(pk=row.pk, status=None).exists():
        raise StillRunningError


def _forget_dead_claim(person_id: UUID, key: str) -> None:
    """Remove a claim whose process died before it answered: it is unanswered, and nobody holds it locked any more."""
    with transaction.atomic():
        dead = IdempotentReply.objects.select_for_update(skip_locked=True).filter(
            person_id=person_id, key=key, status=None
        )
        IdempotentReply.objects.filter(pk__in=[row.pk for row in dead]).delete()


def _caller_id(request: Request) -> UUID:
    """Only people that are signed in get this far."""
    if request.user.pk is None:
        raise NotAllowedError
    return UUID(str(request.user.pk))


def _digest(request: Request) -> str:
    """Over method and content, that of files included."""
    digest = hashlib.sha256(str(request.method).encode())
    data: Any = request.data
    if not isinstance(data, QueryDict):
        digest.update(json.dumps(data, sort_keys=True).encode())
        return digest.hexdigest()
    for name in sorted(data):
        for value in data.getlist(name):
            if isinstance(value, UploadedFile):
                digest.update(f"{name}={value.name}:{value.size};".encode())
                for chunk in value.chunks():
                    digest.update(chunk)
                value.seek(0)
            else:
                digest.update(f"{name}={value!r};".encode())
    return digest.hexdigest()


def _keep(row: IdempotentReply, response: Response) -> None:
    row.status = response.status_code
    row.headers = {name: response[name] for name in _KEPT_HEADERS if name in response}
    row.body = _seal(row.key).encrypt(b"" if response.data is None else JSONRenderer().render(response.data))
    row.save(update_fields=["status", "headers", "body"])


def _kept(row: IdempotentReply) -> HttpResponse:
    try:
        body = _seal(row.key).decrypt(bytes(row.body))
    except InvalidToken as error:
        # The secret key was changed without a fallback: the deed is done, its answer cannot be read any more.
        raise KeyReusedError from error
    response = HttpResponse(body, status=row.status, content_type="application/json", headers=row.headers)
    response["Idempotency-Replayed"] = "true"
    return response


def _seal(key: str) -> MultiFernet:
    """Kept answers are unreadable for whoever has the database alone: an answer can hold an API key, which is shown once."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    keys = [
        hashlib.sha256(force_bytes(f"idempotent reply:{key}:") + force_bytes(secret)).digest() for secret in secrets
    ]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(one)) for one in keys])
