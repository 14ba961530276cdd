"""`make up` as a whole: ready on a bare folder, one at a time, mended after kill -9, gone after Ctrl-C."""

import http.cookiejar
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import URLError

import pytest

from tests.stack.installation import (
    ROOT,
    environment,
    eventually,
    free_port,
    installation,
    processes_of,
    remembered,
    run,
)

pytestmark = pytest.mark.stack


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    with installation(tmp_path) as folder:
        yield folder


@contextmanager
def supervisor(data: Path, port: int) -> Iterator["subprocess.Popen[str]"]:
    """`make up` without make, in a session of its own, its words in a file beside the data."""
    with (data.parent / "said").open("w") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "tools.stack.up"], cwd=ROOT, env=environment(data, PRISM_PORT=str(port)),
            stdout=said, stderr=subprocess.STDOUT, text=True, start_new_session=True,
        )  # fmt: skip
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            process.wait()


def said(data: Path) -> str:
    return (data.parent / "said").read_text()


def mailed(data: Path) -> str:
    """Every message that was sent: a file each in the folder that the start names."""
    assert str(data / "mail") in said(data)
    return "\n".join(file.read_text() for file in (data / "mail").glob("*"))


def until_ready(process: "subprocess.Popen[str]", data: Path, *, within_s: float) -> float:
    began = time.monotonic()
    done = eventually(lambda: "AI-Prism is ready" in said(data) or process.poll() is not None, within_s=within_s)
    assert done, said(data)
    assert process.poll() is None, said(data)
    return time.monotonic() - began


def readiness(port: int) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
            return int(answer.status)
    except (URLError, OSError):
        return 0


# How many of the demo's reviews are not completed yet.
OPEN_JOBS = """
import psycopg
from tools.stack.places import POSTGRES
with psycopg.connect(host=str(POSTGRES), user="postgres", dbname="prism") as connection:
    (schema,) = connection.execute("SELECT schema_name FROM tenants_tenant WHERE slug = 'demo'").fetchone()
    connection.execute(f"SET search_path TO {schema}")
    states = [state for (state,) in connection.execute("SELECT state FROM jobs_job")]
    assert len(states) == 8, states
    print(sum(state != "completed" for state in states))
"""


class Visitor:
    """A person's browser without scripts: keeps cookies, follows redirects, speaks to one organization's host."""

    def __init__(self, host: str, port: int) -> None:
        self._address, self._host = f"http://127.0.0.1:{port}", f"{host}:{port}"
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))

    def get(self, path: str, form: dict[str, str] | None = None) -> str:
        body = urllib.parse.urlencode(form).encode() if form else None
        headers = {"Host": self._host, "Referer": f"http://{self._host}/"}
        with self._opener.open(urllib.request.Request(self._address + path, body, headers), timeout=20) as answer:
            page: str = answer.read().decode()
            return page

    def sign_in(self, email: str, password: str) -> str:
        """The first page that this person sees."""
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get("/sign-in/"))
        assert token is not None
        form = {"csrfmiddlewaretoken": token.group(1), "email": email, "password": password, "next": "/"}
        return self.get("/sign-in/", form)


def stop(process: "subprocess.Popen[str]", data: Path) -> None:
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) == 0, said(data)
    assert eventually(lambda: not processes_of(data), within_s=2), processes_of(data)


def test_it_starts_from_nothing_survives_kills_and_leaves_no_process(data: Path) -> None:
    port = free_port()
    with supervisor(data, port) as first:
        until_ready(first, data, within_s=120)
        assert f"demo.localhost:{port}" in said(data)
        assert "operator@platform.example" in said(data)
        assert readiness(port) == 200

        (password,) = re.findall(r"password +(\S+)", said(data))
        people = re.findall(r"(\S+@demo\.example)", said(data))
        assert len(people) == 4
        for email in people:
            library = Visitor("demo.localhost", port).sign_in(email, password)
            assert "Ostermark trail shoes - counterfeit.docx" in library, email
        operator = Visitor("platform.localhost", port)
        operator.sign_in("operator@platform.example", password)
        assert "demo" in operator.get("/admin/tenants/tenant/")
        assert eventually(lambda: run(data, OPEN_JOBS) == "0", within_s=60), "the worker reviews what waits"

        stranger = Visitor("demo.localhost", port)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', stranger.get("/password/forgotten/"))
        assert token is not None
        stranger.get("/password/forgotten/", {"csrfmiddlewaretoken": token.group(1), "email": people[0]})
        assert eventually(lambda: f"http://demo.localhost:{port}/password/reset/" in mailed(data), within_s=20)

        rival = subprocess.run(
            [sys.executable, "-m", "tools.stack.up"], cwd=ROOT, env=environment(data, PRISM_PORT=str(free_port())),
            capture_output=True, text=True, check=False, timeout=30,
        )  # fmt: skip
        assert rival.returncode == 1
        assert "already running" in rival.stderr

        worker = remembered(data)[1]
        os.kill(worker, signal.SIGKILL)
        assert eventually(lambda: worker not in remembered(data), within_s=10), "a killed worker must be started again"

        roles = remembered(data)
        first.kill()
        first.wait()
        assert eventually(lambda: not set(roles) & set(processes_of(data)), within_s=15), (
            "web, worker and beat go with their supervisor"
        )

    with supervisor(data, port) as second:
        assert until_ready(second, data, within_s=40) < 40
        assert readiness(port) == 200
        stop(second, data)


def test_a_port_that_is_none_is_said(data: Path) -> None:
    with supervisor(data, 70_000) as process:
        assert process.wait(timeout=20) == 1
    assert said(data) == "PRISM_PORT must be a number from 1 to 65535, not 70000\n"


def test_stopped_while_it_prepares_it_leaves_no_process(data: Path) -> None:
    with supervisor(data, free_port()) as process:
        assert eventually(lambda: "migrated public" in said(data), within_s=60), said(data)
        stop(process, data)
    assert "Traceback" not in said(data)


def test_a_port_in_use_is_said_before_anything_is_started(data: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with supervisor(data, port) as process:
            assert process.wait(timeout=20) == 1
    assert f"Port {port} is in use" in said(data)
    assert "PRISM_PORT=" in said(data)
    assert not processes_of(data)
