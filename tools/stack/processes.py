"""Processes known by number and start time, so that a number given out again is never taken for the old process."""

import contextlib
import ctypes
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil

from tools.stack.places import write_private

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass(frozen=True, slots=True)
class ProcessRecord:
    """One process; started_at is its start in seconds since the epoch."""

    name: str
    pid: int
    started_at: float

    def is_alive(self) -> bool:
        """True while this very process runs; a zombie does not."""
        return self._process() is not None

    def signal(self, number: signal.Signals) -> None:
        """Send the signal to this process alone, if it still runs."""
        if (process := self._process()) is not None:
            _ignore_gone(lambda: process.send_signal(number))

    def family(self) -> list[psutil.Process]:
        """The process with all that it started, and what remains of its session when it is gone itself."""
        process = self._process()
        if process is None and psutil.pid_exists(self.pid) and not self._is_zombie():
            return []  # the number is another process's by now
        family = {member.pid: member for member in _session_of(self.pid)}
        if process is not None:
            with contextlib.suppress(psutil.NoSuchProcess):
                family.update({member.pid: member for member in (process, *process.children(recursive=True))})
        return list(family.values())

    def _is_zombie(self) -> bool:
        try:
            return bool(psutil.Process(self.pid).status() == psutil.STATUS_ZOMBIE)
        except psutil.NoSuchProcess:
            return False

    def _process(self) -> psutil.Process | None:
        try:
            process = psutil.Process(self.pid)
            # The kernel counts in ticks and psutil converts with the boot time, which may drift by a tick or two.
            same = abs(process.create_time() - self.started_at) < 1.0
            return process if same and process.status() != psutil.STATUS_ZOMBIE else None
        except psutil.NoSuchProcess:
            return None


def record_of(pid: int, *, name: str) -> ProcessRecord | None:
    """The record of a running process, or None when there is none with this number."""
    try:
        return ProcessRecord(name=name, pid=pid, started_at=psutil.Process(pid).create_time())
    except psutil.NoSuchProcess:
        return None


def write_records(file: Path, records: Iterable[ProcessRecord]) -> None:
    """Note the processes, so that a later run can end what this one may leave behind."""
    write_private(file, json.dumps([asdict(record) for record in records]))


def read_records(file: Path) -> list[ProcessRecord]:
    """The noted processes; none when there is no note or it cannot be read."""
    try:
        return [ProcessRecord(**entry) for entry in json.loads(file.read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError):
        return []


def end_all(records: Iterable[ProcessRecord], *, patience_s: float) -> None:
    """Ask each process to end; after patience_s kill what is left, with everything that it started."""
    asked = list(records)
    families = [member for record in asked for member in record.family()]
    for record in asked:
        record.signal(signal.SIGTERM)
    _, alive = psutil.wait_procs(families, timeout=patience_s)
    left = {member.pid: member for member in (*alive, *(member for record in asked for member in record.family()))}
    for member in left.values():
        _ignore_gone(member.kill)
    psutil.wait_procs(list(left.values()), timeout=5)


def wait_until(holds: Callable[[], bool], *, timeout_s: float, pause_s: float = 0.05) -> bool:
    """True as soon as it holds; False when it did not within timeout_s."""
    deadline = time.monotonic() + timeout_s
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause_s)
    return True


def end_with_parent() -> None:
    """Make the kernel send this process SIGTERM when its parent dies in whatever way. Linux only; elsewhere nothing happens."""
    if _LIBC is None:
        return
    parent = os.getppid()
    _LIBC.prctl(_PR_SET_PDEATHSIG, int(signal.SIGTERM), 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGTERM)


def _session_of(leader: int) -> list[psutil.Process]:
    """Every process of the session that this process once opened for itself."""
    members = []
    for process in psutil.process_iter():
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if os.getsid(process.pid) == leader:
                members.append(process)
    return members


def _ignore_gone(act: Callable[[], object]) -> None:
    with contextlib.suppress(psutil.NoSuchProcess):
        act()
