"""The worker's ear at the broker: it outlives one that is away for long, or goes away in the middle of work."""

import warnings
from functools import partial
from typing import Any

from celery.exceptions import CPendingDeprecationWarning
from celery.worker import state
from celery.worker.consumer import Consumer

_FIRST_PAUSE_S = 1
_LONGEST_PAUSE_S = 5


class PatientConsumer(Consumer):
    """Looks for a broker that is away every few seconds, for ever. Celery's own pauses grow to half a minute."""

    task_consumer: Any

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

    def on_connection_error_after_connected(self, exc: Exception) -> None:
        """The broker is gone; what runs goes on.

        Celery announces another default for that even where it is chosen: settings.CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS.
        """
        self._forget_what_is_not_acknowledged()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", CPendingDeprecationWarning)
            super().on_connection_error_after_connected(exc)

    def _forget_what_is_not_acknowledged(self) -> None:
        """Over a lost connection a message can be neither handed back nor acknowledged: each try felled the worker with its stages.

        What only waited here, the sweeper calls for again; a message that comes twice finds its stage taken or done.
        """
        if self.task_consumer is not None:
            self.task_consumer.channel.do_restore = False
        for request in {*state.active_requests, *state.reserved_requests}:
            request.acknowledged = True
