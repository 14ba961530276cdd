"""The worker's ear at the broker."""

from functools import partial
from typing import Any

from celery.worker.consumer import Consumer

_FIRST_PAUSE_S = 1
_LONGEST_PAUSE_S = 5


class PatientConsumer(Consumer):
    """Looks for a broker that is away every few seconds, for ever. Celery's own pauses grow to half a minute."""

    def connection_for_read(self, heartbeat: Any = None) -> Any:
        """A connection that is there; returns only then."""
        connection = self.app.connection_for_read(heartbeat=heartbeat)
        connection.ensure_connection = partial(  # type: ignore[method-assign]
            connection.ensure_connection,
            interval_start=_FIRST_PAUSE_S,
            interval_step=_FIRST_PAUSE_S,
            interval_max=_LONGEST_PAUSE_S,
        )
        return self.ensure_connected(connection)
