"""A connection that does not wait for ever for a server that stands still."""

import time
from typing import Any, TypeVar

import psycopg
from psycopg.abc import PQGen

from apps.kernel.database.outage import DatabaseSilentError, is_out, silence_limit_s

T = TypeVar("T")

# Longer than the server lets any statement of a request run: a connection that is still silent then has nobody at its other end,
# however well the server answers others.
_LONGEST_SILENCE_S = 40.0


class BoundedConnection(psycopg.Connection[Any]):
    """In a process that has said so (outage.wait_at_most), silence of the whole server ends in DatabaseSilentError."""

    def wait(self, gen: PQGen[T], *args: Any, **kwargs: Any) -> T:
        """What the driver's exchange with the server comes to; the driver calls this for everything that it sends."""
        limit_s = silence_limit_s()
        return super().wait(self._watched(gen, limit_s) if limit_s else gen, *args, **kwargs)

    def _watched(self, gen: PQGen[T], limit_s: float) -> PQGen[T]:
        """The same exchange. The driver comes by ten times a second, also when nothing has happened."""
        heard_at = asked_at = time.monotonic()
        try:
            wanted = next(gen)
            while True:
                ready = yield wanted
                moment = time.monotonic()
                if ready:
                    heard_at = asked_at = moment
                elif moment - asked_at > limit_s:
                    if is_out() or moment - heard_at > _LONGEST_SILENCE_S:
                        self._give_up(gen)
                    asked_at = time.monotonic()
                wanted = gen.send(ready)
        except StopIteration as done:
            value: T = done.value
            return value

    def _give_up(self, gen: PQGen[Any]) -> None:
        """Close without a word: what the server would still answer belongs to nobody."""
        gen.close()
        self.pgconn.finish()
        message = "PostgreSQL has not answered"
        raise DatabaseSilentError(message)
