"""One installation in a folder of its own, driven from outside as its user would."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_NAMED_ELSEWHERE = ("DATABASE_URL", "VALKEY_URL", "DJANGO_SETTINGS_MODULE", "XDG_RUNTIME_DIR")


def environment(data: Path, **more: str) -> dict[str, str]:
    """This process's environment without what the test run set for itself."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in _NAMED_ELSEWHERE and not name.startswith("PRISM_")
    }
    return {**kept, "PRISM_DATA_DIR": str(data), **more}


def run(data: Path, code: str) -> str:
    """Run Python code on the installation; what it printed."""
    outcome = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment(data),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert outcome.returncode == 0, outcome.stderr
    return outcome.stdout.strip()


def processes_of(data: Path) -> dict[int, str]:
    """Every running process that works on this installation, by number; zombies do not run."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            words = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            surroundings = (entry / "environ").read_bytes().decode(errors="replace")
            # Valkey writes its title over its arguments and its environment; where it works still tells.
            place = (entry / "cwd").readlink()
        except OSError:
            continue
        if words and (str(data) in words or f"PRISM_DATA_DIR={data}\0" in surroundings or place.is_relative_to(data)):
            found[int(entry.name)] = words.strip()
    return found


def eventually(holds: Callable[[], bool], *, within_s: float) -> bool:
    """True as soon as it holds, False when it did not in time."""
    deadline = time.monotonic() + within_s
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


@contextmanager
def installation(folder: Path) -> Iterator[Path]:
    """A folder for one installation; nothing of it runs afterwards, whatever the test did."""
    data = folder / "data"
    try:
        yield data
    finally:
        for pid in processes_of(data):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def postmaster(data: Path) -> int:
    """The number that PostgreSQL noted."""
    return int((data / "postgres" / "postmaster.pid").read_text().splitlines()[0])


def remembered(data: Path) -> list[int]:
    """The numbers of web, worker and beat that the supervisor noted, in the order of their start."""
    return [int(pid) for pid in json.loads((data / "processes.json").read_text())]
