"""Both embedded servers, or none where the environment names others."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.stack import postgres, valkey
from tools.stack.places import DATA

_USERS = DATA / "servers.users"
_DOOR = DATA / "servers.door"


def start() -> list[str]:
    """Start what is not given by DATABASE_URL and VALKEY_URL; the names of what this call started."""
    started = []
    if not os.environ.get("DATABASE_URL") and postgres.start():
        started.append("postgres")
    if not os.environ.get("VALKEY_URL") and valkey.start():
        started.append("valkey")
    return started


def stop() -> None:
    """End those that are ours."""
    if not os.environ.get("VALKEY_URL"):
        valkey.stop()
    if not os.environ.get("DATABASE_URL"):
        postgres.stop()


@contextmanager
def in_use() -> Iterator[None]:
    """The servers are up within; the last of several users stops them, also those that a killed one left.

    A user is counted by a shared lock, which ends with its process however that ends.
    """
    DATA.mkdir(parents=True, exist_ok=True)
    with _USERS.open("w") as user:
        try:
            with _locked(_DOOR):
                fcntl.flock(user, fcntl.LOCK_SH)
                start()
            yield
        finally:
            with _locked(_DOOR):
                fcntl.flock(user, fcntl.LOCK_UN)
                if _is_free(_USERS):
                    stop()


@contextmanager
def _locked(place: Path) -> Iterator[None]:
    """One at a time: who comes in and who goes out does not cross."""
    with place.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _is_free(place: Path) -> bool:
    with place.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
