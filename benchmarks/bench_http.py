"""Requests a second and p95 of the main reads, beside a bare Django view with one query on the same server in the same run.

granian with the production image's arguments, wrk beside it, PostgreSQL and Valkey on the same cores. Each rate is also a ratio: its
share of the bare view's rate.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from benchmarks import SHORT, Figure
from benchmarks.stage import organization, reviewed_document, stage
from benchmarks.write_ups import write_up

ROOT = Path(__file__).resolve().parents[1]
_SECONDS = 2 if SHORT else 8
_CONNECTIONS = 8
_WORKERS = 2
_LIBRARY_DOCUMENTS = 60
_YARDSTICK = "bare Django view with one query"
# wrk's own summary has no 95th percentile.
_REPORT = """
done = function(summary, latency, requests)
  local e = summary.errors
  local bad = e.status + e.connect + e.read + e.write + e.timeout
  local rate = summary.requests / (summary.duration / 1e6)
  io.write(string.format("FIGURES %.3f %.3f %d %d\\n", rate, latency:percentile(95) / 1000, bad, summary.requests))
end
"""


@dataclass(frozen=True)
class _Load:
    """What one load found. `processor_ms` is what the web processes spent on a request, whoever else is on the machine."""

    rate: float
    p95_ms: float
    processor_ms: float


def run() -> list[Figure]:
    """Rates and p95; a row says so when it could not be measured here."""
    if shutil.which("wrk") is None:
        print("wrk is not installed: no HTTP figures", file=sys.stderr)
        return []
    with stage() as database:
        cookie, token, document_id = _prepared()
        environment = _environment(database)
        port = int(os.environ.get("PRISM_PORT", "8007"))
        with _serving("benchmarks.bare_site:application", port, environment) as server:
            bare = _load(f"http://127.0.0.1:{port}/", {}, server)
        rows = _rows("bare view", bare, bare)
        with _serving("config.wsgi:application", port, environment) as server:
            for name, path, headers in _reads(document_id, cookie, token):
                rows += _rows(name, _load(f"http://127.0.0.1:{port}{path}", headers, server), bare)
    return rows


def _rows(name: str, found: _Load, bare: _Load) -> list[Figure]:
    return [
        (name, found.rate, "requests/s", found.rate / bare.rate, _YARDSTICK),
        (f"{name}, p95", found.p95_ms, "ms", found.p95_ms / bare.p95_ms, _YARDSTICK),
        (f"{name}, processor time", found.processor_ms, "ms", found.processor_ms / bare.processor_ms, _YARDSTICK),
    ]


def _reads(document_id: str, cookie: str, token: str) -> list[tuple[str, str, dict[str, str]]]:
    host = {"Host": "alpha.localhost"}
    person, program = host | {"Cookie": cookie}, host | {"Authorization": f"Bearer {token}"}
    return [
        ("library page", "/", person),
        ("desk page", f"/documents/{document_id}/", person),
        ("API: who am I", "/api/v2/me/", program),
        ("API: one document", f"/api/v2/documents/{document_id}/", program),
        ("API: list of documents", "/api/v2/documents/", program),
        ("API: items of a document", f"/api/v2/documents/{document_id}/feedback/", program),
    ]


def _prepared() -> tuple[str, str, str]:
    """A session's cookie, an API key, and a reviewed document of five pages among many others."""
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.test import Client

    from apps.accounts.capabilities import Capability
    from apps.accounts.services.issue_api_key import issue_api_key
    from apps.documents.models import Document, Version
    from apps.kernel.tenancy.context import inside

    client = Client()
    with inside(organization()):
        person = get_user_model().objects.get(role="analyst")
        others = Document.objects.bulk_create(
            Document(name=f"case {n}.docx", uploaded_by=person) for n in range(_LIBRARY_DOCUMENTS)
        )
        Version.objects.bulk_create(
            Version(
                document=one, file_name=one.name, kind="docx", size_bytes=1, sha256="0" * 64, stored_key=str(one.id)
            )
            for one in others
        )
        document = reviewed_document(write_up(2_500))
        client.force_login(person)
        token = issue_api_key(person, name="bench", scopes=[Capability.READ_DOCUMENTS], life_days=1).token
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={client.cookies[name].value}", token, str(document.id)


def _environment(database: str) -> dict[str, str]:
    from django.conf import settings

    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "PRISM_TEST_DATABASE": database,
        "PRISM_TEST_SERVERS": str(settings.TEST_SERVERS),
        "BARE_DATABASE_HOST": str(settings.DATABASES["default"]["HOST"]),
        # The limit is not what is measured.
        "PRISM_API_CALLS_PER_MINUTE": "1000000000",
        "PRISM_API_CALLS_PER_KEY_PER_MINUTE": "1000000000",
        "PRISM_API_CALLS_PER_ORGANIZATION_PER_MINUTE": "1000000000",
        "PRISM_HOST_ANSWERS_KEPT_S": "2",
        "PYTHONWARNINGS": "ignore",
    }


@contextmanager
def _serving(application: str, port: int, environment: dict[str, str]) -> Iterator[int]:
    """The server's process id while it answers."""
    arguments = [
        str(Path(sys.executable).with_name("granian")),
        *("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", str(_WORKERS)),
        *("--blocking-threads", "10", "--log-level", "warning", application),
    ]
    server = subprocess.Popen(arguments, cwd=ROOT, env=environment)
    try:
        _until_answering(port, server)
        yield server.pid
    finally:
        server.terminate()
        with suppress(subprocess.TimeoutExpired):
            server.wait(timeout=20)
        if server.poll() is None:
            server.kill()
        _until_free(port)


def _until_answering(port: int, server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if server.poll() is not None:
            message = "the server did not start"
            raise RuntimeError(message)
        try:
            with urlopen(Request(f"http://127.0.0.1:{port}/", headers={"Host": "alpha.localhost"}), timeout=5):
                return
        except HTTPError:
            return
        except (URLError, OSError):
            time.sleep(0.1)
    message = "the server does not answer"
    raise RuntimeError(message)


def _until_free(port: int) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return
        time.sleep(0.1)


def _load(url: str, headers: dict[str, str], server: int) -> _Load:
    """One load after a second of warming up; RuntimeError when an answer was no success."""
    with TemporaryDirectory() as folder:
        script = Path(folder) / "report.lua"
        script.write_text(_REPORT, encoding="utf-8")
        named: list[str] = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
        shared: list[Any] = ["wrk", "-t1", f"-c{_CONNECTIONS}", "--timeout", "10s", "-s", str(script), *named]
        subprocess.run([*shared, "-d1s", url], check=True, capture_output=True)
        spent = _processor_s(server)
        ended = subprocess.run([*shared, f"-d{_SECONDS}s", url], check=True, capture_output=True, text=True)
        spent = _processor_s(server) - spent
    line = next(line for line in ended.stdout.splitlines() if line.startswith("FIGURES "))
    rate, p95_ms, bad, count = line.split()[1:]
    if int(bad):
        message = f"{url}: {bad} answers were no success"
        raise RuntimeError(message)
    return _Load(float(rate), float(p95_ms), spent / max(1, int(count)) * 1000)


def _processor_s(pid: int) -> float:
    """Seconds that a process and its children have spent so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    own = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()
    return own + sum(_processor_s(int(child)) for child in children)
