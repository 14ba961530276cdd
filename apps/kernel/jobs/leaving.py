"""Whether this worker is about to end. Its main process is told so by a signal; the processes that run the stages look here."""

import mmap

# One byte of memory that a worker shares with the processes it has forked.
_told = mmap.mmap(-1, 1)


def leave(**_: object) -> None:
    """From now on stages stop at their next step and none is begun."""
    _told[0] = 1


def is_leaving() -> bool:
    """Whether the worker was asked to end."""
    return _told[0] == 1
