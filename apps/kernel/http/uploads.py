"""Uploads are whole, no larger than allowed, and leave nothing behind when they fail."""

import contextlib
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import StopUpload, TemporaryFileUploadHandler
from django.http import HttpRequest

_READ_TO_THE_END_UP_TO = 2
"""Times the limit: a browser shows an answer only after it has sent all; beyond this its connection is closed."""

_FAULT = "upload_fault"


class UploadFault(StrEnum):
    """Why a file of a request is not there."""

    TOO_LARGE = "too_large"
    NO_ROOM = "no_room"
    CUT_OFF = "cut_off"


def upload_fault(request: HttpRequest) -> UploadFault | None:
    """What stopped the request's upload, once its form has been read; None for an upload that went well.

    What had come in until then is thrown away.
    """
    fault = getattr(request, _FAULT, None)
    if not isinstance(fault, UploadFault):
        return None
    for handler in request.upload_handlers:
        handler.upload_interrupted()
    return fault


class BoundedUploadHandler(TemporaryFileUploadHandler):
    """Writes a file to a temporary one while it comes in, and stops at UPLOAD_MAX_BYTES or when the disk is full."""

    _declared_bytes = 0

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 - its name in Django
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        """Note how much is announced. Until all of it has been read, the upload counts as cut off."""
        del input_data, META, boundary, encoding
        self._declared_bytes = content_length
        setattr(self.request, _FAULT, UploadFault.CUT_OFF)

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Open the temporary file, unless the request can only be too large."""
        if self._declared_bytes > settings.UPLOAD_MAX_BYTES * _READ_TO_THE_END_UP_TO:
            self._stop(UploadFault.TOO_LARGE)
        try:
            super().new_file(*args, **kwargs)
        except OSError:
            self._stop(UploadFault.NO_ROOM)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write, within the limit."""
        if start + len(raw_data) > settings.UPLOAD_MAX_BYTES:
            self._stop(UploadFault.TOO_LARGE)
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError:
            self._stop(UploadFault.NO_ROOM)

    def file_complete(self, file_size: int) -> Any:
        """The whole file; what is still buffered may not fit on the disk either."""
        try:
            return super().file_complete(file_size)
        except OSError:
            self._stop(UploadFault.NO_ROOM)

    def upload_complete(self) -> None:
        """The body was read to its end."""
        if getattr(self.request, _FAULT, None) is UploadFault.CUT_OFF:
            setattr(self.request, _FAULT, None)

    def _stop(self, fault: UploadFault) -> None:
        if hasattr(self, "file"):
            # Closing flushes, which fails again on a full disk; the name is gone all the same.
            with contextlib.suppress(OSError):
                self.upload_interrupted()
            del self.file
        setattr(self.request, _FAULT, fault)
        raise StopUpload(connection_reset=self._declared_bytes > settings.UPLOAD_MAX_BYTES * _READ_TO_THE_END_UP_TO)


class CutOffError(OSError):
    """The body ended before its announced length."""


class WholeBodies:
    """A WSGI application that never sees half a body: a sender that hangs up is an error and no end of the file."""

    def __init__(self, application: Callable[..., Iterable[bytes]]) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Pass on with the body watched."""
        length = environ.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length):
            environ["wsgi.input"] = _WatchedBody(environ["wsgi.input"], int(length))
        return self._application(environ, start_response)


class _WatchedBody:
    def __init__(self, body: Any, length: int) -> None:
        self._body = body
        self._missing = length

    def read(self, size: int = -1) -> bytes:
        return self._counted(self._body.read(size), size)

    def readline(self, size: int = -1) -> bytes:
        return self._counted(self._body.readline(size), size)

    def __iter__(self) -> Any:
        return iter(self.readline, b"")

    def _counted(self, data: bytes, asked: int) -> bytes:
        self._missing -= len(data)
        if not data and asked != 0 and self._missing > 0:
            raise CutOffError
        return data
