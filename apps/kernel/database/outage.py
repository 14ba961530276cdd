"""Whether PostgreSQL answers. A web process that finds that it does not lets requests fail at once, until it answers again.

Neither the server's own time limits nor those of the network help against one that stands still: its timers stand still with it, and
its machine goes on acknowledging. So whoever has waited for long asks over a second connection, which a living server accepts at once.
Workers and commands do not ask: their work is worth waiting for, and a lease that ends meanwhile is settled by the rows.
"""

import logging
import threading
import time

import psycopg
from django.db import connections

_ANSWERS_WITHIN_S = 2
_KNOWN_FOR_S = 1.0
_LOOK_AGAIN_S = 0.5

logger = logging.getLogger(__name__)


class DatabaseSilentError(psycopg.OperationalError):
    """PostgreSQL does not answer; nothing more was waited for."""


class _Process:
    """What this process knows."""

    silence_limit_s: float = 0.0
    is_out: bool = False
    answered_at: float = -_KNOWN_FOR_S
    # One asks, whoever comes meanwhile takes its answer.
    asking = threading.Lock()


def wait_at_most(seconds: float) -> None:
    """From now on this process asks whether PostgreSQL lives when it has said nothing for so long; 0 waits for ever."""
    _Process.silence_limit_s = seconds


def silence_limit_s() -> float:
    """After how many seconds of silence to ask; 0 for never."""
    return _Process.silence_limit_s


def refuse_while_out() -> None:
    """DatabaseSilentError while PostgreSQL is known not to answer."""
    if _Process.is_out:
        message = "PostgreSQL does not answer"
        raise DatabaseSilentError(message)


def is_known_to_be_out() -> bool:
    """What was found when somebody last asked; asks nobody."""
    return _Process.is_out


def is_out() -> bool:
    """Ask, unless it is known. Takes two seconds at most, and some for those who wait for the same answer."""
    with _Process.asking:
        if _Process.is_out:
            return True
        if time.monotonic() - _Process.answered_at < _KNOWN_FOR_S:
            return False
        if _answers():
            _Process.answered_at = time.monotonic()
            return False
        logger.error("database_out")
        _Process.is_out = True
        threading.Thread(target=_look_until_back, name="database-out", daemon=True).start()
        return True


def _look_until_back() -> None:
    while not _answers():
        time.sleep(_LOOK_AGAIN_S)
    _Process.is_out = False
    logger.warning("database_back")


def _answers() -> bool:
    """Whether a new connection can be made: that takes the server's main process, and one that it starts."""
    parameters = connections["default"].get_connection_params()
    try:
        psycopg.connect(**{**parameters, "connect_timeout": _ANSWERS_WITHIN_S}).close()
    except psycopg.OperationalError:
        return False
    return True
