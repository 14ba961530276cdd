"""Call a worker for a job. The call is a hint: when the broker is away the sweeper calls again."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from uuid import UUID

from celery import current_app
from django.db import transaction
from kombu.exceptions import KombuError
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import RedisError

from apps.kernel.jobs.leases import mark_woken
from apps.kernel.jobs.stages import known_stages
from apps.kernel.tenancy.context import current_tenant, inside

RUN_STAGE = "jobs.run_stage"
_HARD_LIMIT_AFTER_S = 15
_UNKNOWN_LIMIT_S = 60
_PAUSE_S = 5.0
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

    transaction.on_commit(call, robust=True)


def call_worker(job_id: UUID, *, stage: str, delay_s: float = 0) -> bool:
    """Send the message now; False when the broker could not be reached, after a second at most."""
    if time.monotonic() < _Circuit.closed_until:
        return False
    # A stage that nobody has registered still needs a worker: it ends the job with its code.
    known = known_stages().get(stage)
    queue, limit_s = (
        (known.queue, known.time_limit_s) if known else (current_app.conf.task_default_queue, _UNKNOWN_LIMIT_S)
    )
    send = partial(current_app.tasks[RUN_STAGE].apply_async, args=(str(job_id),), queue=queue, retry=True)
    try:
        send(
            retry_policy=_ONE_MORE_TRY,
            soft_time_limit=limit_s,
            time_limit=limit_s + _HARD_LIMIT_AFTER_S,
            countdown=delay_s,
        )
    except (BrokerError, KombuError, RedisError, OSError) as error:
        _Circuit.closed_until = time.monotonic() + _PAUSE_S
        logger.warning("job_call_lost", extra={"job_id": str(job_id), "reason": type(error).__name__})
        return False
    return True
