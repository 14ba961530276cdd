"""Runs the roles until told to stop: shows what they say, starts the fallen again, and leaves no process behind."""

import os
import selectors
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from urllib.error import URLError
from urllib.request import urlopen

from tools.stack.errors import StackError
from tools.stack.processes import end_all, read_records, write_records
from tools.stack.roles import Role
from tools.stack.screen import Screen
from tools.stack.servers import Servers

_PATIENCE_S = 8
_LOOK_INTERVAL_S = 0.2
_LONGEST_READY_S = 90
_STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequestedError(Exception):
    """Somebody asked to stop: Ctrl-C, SIGTERM, or the terminal closed."""


@contextmanager
def stopping_on_signals() -> Iterator[None]:
    """Within the block the first signal to stop raises StopRequestedError; further ones are ignored, so that tidying up is not cut off."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        for number in _STOPPING:
            signal.signal(number, signal.SIG_IGN)
        raise StopRequestedError

    before = {number: signal.signal(number, stop) for number in _STOPPING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def end_leftovers(record_file: Path) -> list[str]:
    """End what a killed supervisor left running; returns the names of those that still ran."""
    left = [record for record in read_records(record_file) if record.is_alive()]
    end_all(left, patience_s=_PATIENCE_S)
    record_file.unlink(missing_ok=True)
    return [record.name for record in left]


class Supervisor:
    """The roles, their outputs and the servers that they need; one thread does it all."""

    def __init__(self, roles: list[Role], *, servers: Servers, screen: Screen, record_file: Path) -> None:
        """Nothing is started yet."""
        self._roles = roles
        self._servers = servers
        self._screen = screen
        self._record_file = record_file
        self._outputs = selectors.DefaultSelector()

    def start(self, environment: Mapping[str, str]) -> None:
        """Start every role."""
        self._environment = dict(environment)
        for role in self._roles:
            self._start(role)

    def run_until(self, done: Callable[[], bool], *, timeout_s: float = _LONGEST_READY_S) -> None:
        """Look after the roles until it is done; StackError when that takes longer than timeout_s."""
        deadline = time.monotonic() + timeout_s
        while not done():
            self.look_after(_LOOK_INTERVAL_S)
            if time.monotonic() > deadline:
                message = f"AI-Prism did not become ready within {timeout_s:.0f} s; what it said stands above."
                raise StackError(message)

    def run(self) -> None:
        """Look after the roles for ever."""
        while True:
            self.look_after(1.0)

    def look_after(self, wait_s: float) -> None:
        """Show what was said within wait_s, then start again what has died. StackError for a role that keeps dying."""
        for key, _ in self._outputs.select(wait_s):
            self._read(key.fd, key.data)
        for role in self._roles:
            if role.exit_code() is not None:
                self._screen.say(f"{role.name} ended with code {role.exit_code()}; starting it again")
                role.note_death()
                self._replace(role)
        if self._servers.missing():
            self._screen.say(f"started again: {', '.join(self._servers.start()) or 'servers'}")

    def stop(self) -> None:
        """End every role, with all that they started."""
        end_all([role.record for role in self._roles if role.record], patience_s=_PATIENCE_S)
        for role in self._roles:
            if role.process is not None:
                role.process.wait()
        self._record_file.unlink(missing_ok=True)
        self._outputs.close()

    def _replace(self, role: Role) -> None:
        for key in list(self._outputs.get_map().values()):
            if key.data is role:
                self._outputs.unregister(key.fd)
        role.clear_away()
        self._start(role)

    def _start(self, role: Role) -> None:
        self._outputs.register(role.start(self._environment), selectors.EVENT_READ, role)
        write_records(self._record_file, [each.record for each in self._roles if each.record])

    def _read(self, descriptor: int, role: Role) -> None:
        try:
            data = os.read(descriptor, 65536)
        except BlockingIOError:
            return
        if data:
            self._screen.hear(role.name, data)
        else:
            self._outputs.unregister(descriptor)


def answers(address: str) -> bool:
    """True when the address answers with success."""
    try:
        with urlopen(address, timeout=2) as response:  # noqa: S310  (our own loopback address)
            return bool(response.status == 200)
    except (URLError, OSError):
        return False
