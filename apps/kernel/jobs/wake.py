"""Call a worker for a job. The call is a hint: what could not be called is called by this process when the broker is back.

Should the process end before that, the sweeper finds the job.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from uuid import UUID

from celery import current_app
from django.db import DatabaseError, connection, transaction
from kombu.exceptions import KombuError
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import RedisError

from apps.kernel.jobs.leases import mark_woken
from apps.kernel.jobs.stages import known_stages
from apps.kernel.tenancy.context import TenantRef, current_tenant, inside

RUN_STAGE = "jobs.run_stage"
_HARD_LIMIT_AFTER_S = 15
_UNKNOWN_LIMIT_S = 60
_PAUSE_S = 5.0
_CALL_AGAIN_EVERY_S = 1.0
_MOST_REMEMBERED = 1000
# A pooled connection may be stale after the broker was restarted; one that is away must not keep a request waiting.
_ONE_MORE_TRY = {"max_retries": 1, "interval_start": 0, "interval_step": 0, "interval_max": 0}

logger = logging.getLogger(__name__)


class _Circuit:
    """After a failed call nobody waits for the broker for some seconds."""

    closed_until: float = 0.0


_calls_nobody: ContextVar[bool] = ContextVar("calls_nobody", default=False)


@contextmanager
def calling_nobody() -> Iterator[None]:
    """For who runs the stages in this process: no worker is called meanwhile. The sweeper calls one if the process dies."""
    token = _calls_nobody.set(True)
    try:
        yield
    finally:
        _calls_nobody.reset(token)


def wake_after_commit(job_id: UUID, *, stage: str, delay_s: float = 0) -> None:
    """Call a worker for the job's next stage once the caller's transaction is committed."""
    if _calls_nobody.get():
        return
    tenant = current_tenant()

    def call() -> None:
        with inside(tenant):
            if call_worker(job_id, stage=stage, delay_s=delay_s):
                mark_woken(job_id)
            else:
                _lost.remember(tenant, job_id, stage)

    transaction.on_commit(call, robust=True)


def call_worker(job_id: UUID, *, stage: str, delay_s: float = 0) -> bool:
    """Send the message now; False when the broker could not be reached, after a second at most."""
    return time.monotonic() >= _Circuit.closed_until and _send(job_id, stage=stage, delay_s=delay_s)


def send_hint(send: Callable[..., object], *, call: str) -> bool:
    """Send a message whose loss a row makes good; False when the broker could not be reached, after a second at most."""
    return time.monotonic() >= _Circuit.closed_until and _sent(send, call=call)


class _LostCalls:
    """The calls that this process could not make, and a thread that makes them as soon as there is a broker."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: dict[UUID, tuple[TenantRef, str]] = {}
        self._caller: threading.Thread | None = None

    def remember(self, tenant: TenantRef, job_id: UUID, stage: str) -> None:
        """Call later. Beyond a thousand the sweeper has to do it."""
        if current_app.conf.task_always_eager:
            return
        with self._lock:
            if len(self._calls) < _MOST_REMEMBERED:
                self._calls[job_id] = (tenant, stage)
            if self._caller is None:
                self._caller = threading.Thread(target=self._call_all, name="lost-calls", daemon=True)
                self._caller.start()

    def _call_all(self) -> None:
        while job_id := self._next():
            tenant, stage = self._calls[job_id]
            with inside(tenant):
                if not _send(job_id, stage=stage):
                    time.sleep(_CALL_AGAIN_EVERY_S)
                    continue
                self._done(job_id)

    def _next(self) -> UUID | None:
        with self._lock:
            if not self._calls or current_app.conf.task_always_eager:
                self._calls.clear()
                self._caller = None
                return None
            return next(iter(self._calls))

    def _done(self, job_id: UUID) -> None:
        _Circuit.closed_until = 0.0
        with self._lock:
            self._calls.pop(job_id, None)
        try:
            mark_woken(job_id)
        except DatabaseError:
            logger.warning("job_call_not_noted", extra={"job_id": str(job_id)})
        finally:
            connection.close()


_lost = _LostCalls()


def _send(job_id: UUID, *, stage: str, delay_s: float = 0) -> bool:
    # A stage that nobody has registered still needs a worker: it ends the job with its code.
    known = known_stages().get(stage)
    queue, limit_s = (
        (known.queue, known.time_limit_s) if known else (current_app.conf.task_default_queue, _UNKNOWN_LIMIT_S)
    )
    send = partial(
        current_app.tasks[RUN_STAGE].apply_async,
        args=(str(job_id),),
        queue=queue,
        soft_time_limit=limit_s,
        time_limit=limit_s + _HARD_LIMIT_AFTER_S,
        countdown=delay_s,
    )
    return _sent(send, call=str(job_id))


def _sent(send: Callable[..., object], *, call: str) -> bool:
    try:
        send(retry=True, retry_policy=_ONE_MORE_TRY)
    except (BrokerError, KombuError, RedisError, OSError) as error:
        _Circuit.closed_until = time.monotonic() + _PAUSE_S
        logger.warning("job_call_lost", extra={"job_id": call, "reason": type(error).__name__})
        return False
    return True
