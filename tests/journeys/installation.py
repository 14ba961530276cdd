"""One running installation for the journeys: the real web process and a real worker, on the embedded servers of the tests."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.error import URLError

from tests import servers
from tests.faults.processes import die_with_parent
from tests.stack.installation import free_port

ROOT = Path(__file__).resolve().parents[2]
_READY_WITHIN_S = 60


class Installation:
    """Web and worker of their own database, files and broker; each can be killed, halted and started again."""

    def __init__(self, folder: Path, *, database: str, broker_number: int, name_server: str) -> None:
        self.port = free_port()
        self.provider_port = free_port()
        self.folder = folder
        self._servers = ROOT / ".data" / "test"
        self.database = database
        self._environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "PRISM_TEST_DATABASE": database,
            "PRISM_TEST_REAL_WORKER": "1",
            "PRISM_TEST_FILES": str(folder / "files"),
            "CELERY_BROKER_URL": f"redis+socket://{self._servers / 'valkey.sock'}?virtual_host={broker_number}",
            "PRISM_PORT": str(self.port),
            "PRISM_DNS_SERVERS": name_server,
            "PRISM_OUTBOUND_ALLOWED": f"127.0.0.1:{self.provider_port}",
            "PRISM_DIRECTORY_NETWORKS": "127.0.0.0/8",
            "PYTHONWARNINGS": "ignore",
        }
        self._children: dict[str, subprocess.Popen[bytes]] = {}

    def address(self, slug: str = "alpha") -> str:
        """Where this organization's pages are; Chromium resolves every name under localhost itself."""
        return f"http://{slug}.localhost:{self.port}"

    def start(self) -> None:
        """Start both and wait until pages are answered."""
        self.start_worker()
        self.start_web()

    def start_web(self) -> None:
        port = str(self.port)
        self._start(
            "web", "uvicorn", "config.asgi:application", "--host", "127.0.0.1", "--port", port, "--no-access-log"
        )
        deadline = time.monotonic() + _READY_WITHIN_S
        while not self._is_ready():
            assert self._children["web"].poll() is None, self.log("web")
            assert time.monotonic() < deadline, self.log("web")
            time.sleep(0.05)

    def start_worker(self) -> None:
        queues = "default,documents,analysis"
        self._start(
            "worker",
            "celery",
            "-q",
            "-A",
            "config",
            "worker",
            "-P",
            "threads",
            "-c",
            "2",
            "-l",
            "WARNING",
            "-Q",
            queues,
        )

    def kill(self, name: str) -> None:
        """End one as kill -9 does: nothing is tidied up."""
        child = self._children.pop(name)
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()

    def halt(self, name: str) -> None:
        """Let one sleep until it is woken."""
        os.killpg(self._children[name].pid, signal.SIGSTOP)

    def wake(self, name: str) -> None:
        os.killpg(self._children[name].pid, signal.SIGCONT)

    def stop(self) -> None:
        for name in list(self._children):
            self.kill(name)
        servers.drop_database(self._servers / "postgres", self.database)

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(errors="replace")[-4000:]

    def _start(self, name: str, module: str, *arguments: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self._children[name] = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                cwd=ROOT,
                env=self._environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent,  # noqa: PLW1509
            )

    def _is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False
