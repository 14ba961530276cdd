"""An upload from its first byte to stored and queued, and what it adds to the web process's memory; beside copying the same file.

The WSGI application that the server calls, on real PostgreSQL, with the file encrypted and written as in production.
"""

import io
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks import SHORT, Figure
from benchmarks.stage import organization, stage

_MIB = 1024 * 1024
_SIZES = (10, 50) if SHORT else (10, 200)
_LINE = b"The seller shipped 14 units on 3 March; see it.\n" * 1024
_HEAD = b'--b\r\nContent-Disposition: form-data; name="file"; filename="case.txt"\r\n\r\n'
_TAIL = b"\r\n--b--\r\n"


class _Body(io.RawIOBase):
    """A form with a text file of this size, made while it is read, so that it is not in memory itself."""

    def __init__(self, size_bytes: int) -> None:
        self.length = len(_HEAD) + size_bytes + len(_TAIL)
        self._pieces = self._made(size_bytes)
        self._rest = b""

    def _made(self, size_bytes: int) -> Iterator[bytes]:
        yield _HEAD
        for start in range(0, size_bytes, len(_LINE)):
            yield _LINE[: size_bytes - start]
        yield _TAIL

    def read(self, size: int = -1) -> bytes:
        while size < 0 or len(self._rest) < size:
            piece = next(self._pieces, b"")
            if not piece:
                break
            self._rest += piece
        size = len(self._rest) if size < 0 else size
        data, self._rest = self._rest[:size], self._rest[size:]
        return data


def run() -> list[Figure]:
    """Milliseconds and the growth of the resident memory in MiB for each size."""
    with stage():
        figures: list[Figure] = []
        for size in _SIZES:
            figures += _measured(size)
        return figures


def _measured(size_mib: int) -> list[Figure]:
    from django.contrib.auth import get_user_model
    from django.test import Client

    from apps.kernel.storage.tenant_files import delete_all_files
    from apps.kernel.tenancy.context import inside

    tenant = organization()
    client = Client(HTTP_HOST=f"{tenant.slug}.localhost")
    with inside(tenant):
        client.force_login(get_user_model().objects.get(role="analyst"))
        _send(client, _MIB // 4)
        _forget_the_peak()
        before = _peak_mib()
        taken = _send(client, size_mib * _MIB)
        grown = _peak_mib() - before
        delete_all_files()
    copied = _copying(size_mib * _MIB)
    return [
        (f"upload of {size_mib} MiB to stored and queued", taken * 1000, "ms", taken / copied, "copying the file"),
        (f"memory that an upload of {size_mib} MiB adds", grown, "MiB", grown / size_mib, "the file's size"),
    ]


def _send(client: Any, size_bytes: int) -> float:
    from django.db import transaction

    body = _Body(size_bytes)
    start = time.perf_counter()
    # What comes after the commit is the worker's.
    with transaction.atomic():
        answer = client.request(
            **{
                "REQUEST_METHOD": "POST",
                "PATH_INFO": "/documents/upload/",
                "CONTENT_TYPE": "multipart/form-data; boundary=b",
                "CONTENT_LENGTH": str(body.length),
                "HTTP_ACCEPT": "application/json",
                "wsgi.input": body,
            }
        )
        taken = time.perf_counter() - start
        if answer.status_code != 201:
            raise RuntimeError(answer.content)
        transaction.set_rollback(True)
    return taken


def _copying(size_bytes: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "source"
        with source.open("wb") as file:
            shutil.copyfileobj(_Body(size_bytes), file)  # type: ignore[misc]
        best = float("inf")
        for number in range(3):
            start = time.perf_counter()
            with source.open("rb") as old, (Path(folder) / str(number)).open("wb") as new:
                shutil.copyfileobj(old, new, _MIB)
            best = min(best, time.perf_counter() - start)
        return best


def _forget_the_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def _peak_mib() -> float:
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found.group(1)) / 1024 if found else 0.0
