"""Find what a lost message, a dead worker or a missing broker has left, and set it going again."""

import time
from datetime import timedelta
from uuid import UUID

from django.conf import settings

from apps.kernel.events.relay import relay_due
from apps.kernel.jobs.kept_task import send_due_calls
from apps.kernel.jobs.leases import expired_jobs, stages_to_wake
from apps.kernel.jobs.outcomes import settle_expired
from apps.kernel.jobs.wake import call_worker
from apps.kernel.tenancy.context import current_tenant

_GRACE = timedelta(seconds=10)
_AGAIN_AFTER = timedelta(seconds=30)
_OVERDUE_AFTER = 2

_swept_at: dict[UUID, float] = {}


def sweep() -> None:
    """In the current tenant: relay waiting events, send kept calls again, take back expired leases, call workers for what is due."""
    _swept_at[current_tenant().id] = time.monotonic()
    relay_due()
    send_due_calls()
    for job_id in expired_jobs():
        settle_expired(job_id)
    for stage in stages_to_wake(grace=_GRACE, again_after=_AGAIN_AFTER):
        call_worker(stage.job_id, stage=stage.name)


def sweep_if_overdue() -> None:
    """Sweep the current tenant when this process never has, or not for long: with the beat gone, work itself keeps work going."""
    swept_at = _swept_at.get(current_tenant().id)
    if swept_at is None or time.monotonic() - swept_at > _OVERDUE_AFTER * settings.JOBS_SWEEP_INTERVAL_S:
        sweep()
