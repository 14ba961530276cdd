"""Locks that die with their holder: one supervisor at a time, and who still uses the servers."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def exclusive(file: Path) -> Iterator[None]:
    """Wait until nobody else holds the lock, and hold it."""
    with file.open("a") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


@contextmanager
def alone(file: Path) -> Iterator[bool]:
    """Hold the lock and yield True, or yield False at once when another process holds it."""
    with file.open("a") as held:
        yield _try(held)


class Use:
    """One user among several of a shared thing; the kernel forgets a user that dies."""

    def __init__(self, file: Path) -> None:
        """Begin to use."""
        self._held = file.open("a")
        fcntl.flock(self._held, fcntl.LOCK_SH)

    def is_last(self) -> bool:
        """True when nobody else uses it; from then on nobody can begin until end()."""
        return _try(self._held)

    def end(self) -> None:
        """Stop using."""
        self._held.close()


def _try(held: IO[str]) -> bool:
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
