"""`make up`: the whole product on this machine, ready to be used, ended by Ctrl-C."""

import contextlib
import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from types import FrameType
from typing import Any
from urllib.error import URLError

from tools.stack import lock, servers
from tools.stack.places import ROOT

PORT = os.environ.get("PRISM_PORT") or "8000"
_PYTHON = sys.executable
_READY_WITHIN_S = 120
_PR_SET_PDEATHSIG = 1
# A process that dies this soon has not worked; three such deaths in a row are a fault that starting it again will not mend.
_SHORT_LIFE_S = 10
_MOST_SHORT_LIVES = 3

PROCESSES: dict[str, list[str]] = {
    "web": [
        _PYTHON,
        "-m",
        "uvicorn",
        "config.asgi:application",
        "--host",
        "127.0.0.1",
        "--port",
        PORT,
        "--log-level",
        "warning",
        "--no-access-log",
    ],
    "worker": [
        _PYTHON,
        # Celery warns of root because pickled messages could run anything; ours are JSON alone, which a check holds.
        "-W",
        "ignore:You're running the worker with superuser",
        "-m",
        "celery",
        "--quiet",
        "-A",
        "config",
        "worker",
        "-c",
        "2",
        "-l",
        "WARNING",
        "-Q",
        "default,documents,analysis",
        "--without-gossip",
        "--without-mingle",
    ],
    "beat": [
        _PYTHON,
        "-m",
        "celery",
        "--quiet",
        "-A",
        "config",
        "beat",
        "-l",
        "WARNING",
        "-S",
        "celery.beat:Scheduler",
        "--pidfile=",
    ],
}


class StopRequestedError(Exception):
    """Somebody asked us to stop."""


def main() -> int:
    """Start, show where it is, wait, stop."""
    try:
        held = lock.take()
    except lock.AlreadyRunningError:
        print("AI-Prism is already running here. Stop it with Ctrl-C where you started it.", file=sys.stderr)
        return 1
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    try:
        lock.end_leftovers()
        _refuse_port()
        print("starting PostgreSQL and Valkey", flush=True)
        with servers.in_use():
            _run()
    except StopRequestedError:
        return 0
    except subprocess.CalledProcessError as error:
        print(f"{' '.join(map(str, error.cmd[1:]))} failed", file=sys.stderr)
        return 1
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        held.close()
    return 0


def _run() -> None:
    """Prepare, start, watch; nothing that was started here runs afterwards."""
    children: dict[str, subprocess.Popen[bytes]] = {}
    try:
        sign_ins = _prepare()
        for name in PROCESSES:
            _start(name, children)
        _wait_until_ready(children)
        _show(sign_ins)
        _watch(children)
    except StopRequestedError:
        print("\nstopping", flush=True)
        raise
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        _end(children)


def _start(name: str, children: dict[str, subprocess.Popen[bytes]]) -> None:
    children[name] = subprocess.Popen(PROCESSES[name], cwd=ROOT, start_new_session=True, preexec_fn=_die_with_parent)  # noqa: PLW1509
    lock.remember([child.pid for child in children.values()])


def _stop(number: int, frame: FrameType | None) -> None:
    del number, frame
    raise StopRequestedError


def _die_with_parent() -> None:
    """A supervisor that is killed with -9 takes its children along."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _prepare() -> dict[str, Any]:
    """Migrate and fill the demo, in one process; what it says of the sign-ins."""
    command = [_PYTHON, "manage.py", "seed_demo", "--migrate", "--json"]
    # In a session of its own: Ctrl-C is for the supervisor, which then ends this as well.
    done = subprocess.run(
        command,
        cwd=ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=_die_with_parent,
    )
    sign_ins: dict[str, Any] = json.loads(done.stdout)
    return sign_ins


def _refuse_port() -> None:
    """RuntimeError for a port that we cannot have."""
    if not PORT.isdecimal() or not 0 < int(PORT) < 65536:
        message = f"PRISM_PORT must be a number from 1 to 65535, not {PORT}"
        raise RuntimeError(message)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(PORT)))
        except OSError as error:
            message = f"Port {PORT} is in use by another program. Choose one with: PRISM_PORT=8001 make up"
            raise RuntimeError(message) from error


def _wait_until_ready(children: dict[str, subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + _READY_WITHIN_S
    while time.monotonic() < deadline:
        _refuse_dead(children)
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/readyz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.1)
    message = "the product did not become ready"
    raise RuntimeError(message)


def _watch(children: dict[str, subprocess.Popen[bytes]]) -> None:
    """Start again what dies, for ever; RuntimeError for a process that keeps dying at once."""
    born = dict.fromkeys(children, time.monotonic())
    short_lives = dict.fromkeys(children, 0)
    while True:
        for name, child in children.items():
            if child.poll() is None:
                continue
            short_lives[name] = short_lives[name] + 1 if time.monotonic() - born[name] < _SHORT_LIFE_S else 0
            if short_lives[name] >= _MOST_SHORT_LIVES:
                message = f"{name} ends again and again with status {child.returncode}"
                raise RuntimeError(message)
            print(f"{name} ended with status {child.returncode}; starting it again", file=sys.stderr)
            _kill_group(child.pid)  # what a killed worker leaves behind would go on holding its jobs
            _start(name, children)
            born[name] = time.monotonic()
        time.sleep(0.5)


def _refuse_dead(children: dict[str, subprocess.Popen[bytes]]) -> None:
    for name, child in children.items():
        if child.poll() is not None:
            message = f"{name} ended by itself with status {child.returncode}"
            raise RuntimeError(message)


def _end(children: dict[str, subprocess.Popen[bytes]]) -> None:
    """A warm stop first; what does not end within ten seconds is killed with its own children."""
    for child in children.values():
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + 10
    for child in children.values():
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(timeout=max(0.1, deadline - time.monotonic()))
        _kill_group(child.pid)
        child.wait()


def _kill_group(leader: int) -> None:
    with contextlib.suppress(OSError):
        os.killpg(leader, signal.SIGKILL)


def _show(demo: dict[str, Any]) -> None:
    lines = [
        "AI-Prism is ready",
        "",
        f"  {demo['url']}",
        *(f"  {person['role']:<10} {person['email']}" for person in demo["people"]),
        f"  password   {demo['password']}",
        "",
        f"  platform   {demo['platform_url']}",
        f"  operator   {demo['operator']}",
        "",
        f"  mail       {_short(demo['mail'])}",
        "",
        "Ctrl-C stops everything; your data stays.",
    ]
    width = max(map(len, lines))
    print("┌" + "─" * (width + 2) + "┐")
    for line in lines:
        print(f"│ {line:<{width}} │")
    print("└" + "─" * (width + 2) + "┘", flush=True)


def _short(place: str) -> str:
    """A folder below this one without the way to it."""
    return place.removeprefix(f"{Path.cwd()}/")


if __name__ == "__main__":
    sys.exit(main())
