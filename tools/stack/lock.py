"""One supervisor at a time; what a killed one left behind is ended by the next."""

import fcntl
import json
import os
import signal
import time
from pathlib import Path
from typing import IO

from tools.stack.places import DATA, LOCK

_CHILDREN = DATA / "processes.json"


class AlreadyRunningError(Exception):
    """Another supervisor works on this folder."""


def take() -> IO[str]:
    """The lock, held as long as the file is open; AlreadyRunningError when somebody has it."""
    DATA.mkdir(parents=True, exist_ok=True)
    file = LOCK.open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.close()
        raise AlreadyRunningError from error
    return file


def remember(pids: list[int]) -> None:
    """Write down our children with their start times, so that a pid that was given out again is not taken for one of them."""
    # Whole or not at all: a supervisor that is killed while it writes must not leave a half for the next one to read.
    draft = _CHILDREN.with_suffix(".draft")
    draft.write_text(json.dumps({str(pid): _started_at(pid) for pid in pids}), encoding="utf-8")
    draft.replace(_CHILDREN)


def end_leftovers() -> int:
    """End the children of a supervisor that was killed; returns how many there were."""
    try:
        known = json.loads(_CHILDREN.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return 0
    alive = [int(pid) for pid, started in known.items() if started and _started_at(int(pid)) == started]
    for pid in alive:
        _signal(pid, signal.SIGTERM)
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and any(_started_at(pid) for pid in alive):
        time.sleep(0.05)
    for pid in alive:
        if _started_at(pid):
            _signal(pid, signal.SIGKILL)
    _CHILDREN.unlink(missing_ok=True)
    return len(alive)


def _signal(pid: int, number: int) -> None:
    try:
        os.killpg(pid, number)
    except OSError:
        return


def _started_at(pid: int) -> str:
    """The kernel's start time of a process; "" when it is gone or only waits to be reaped."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return ""
    return "" if fields[0] == "Z" else fields[19]
