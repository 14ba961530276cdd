"""Find what a lost message, a dead worker or a missing broker has left, and set it going again."""

from datetime import timedelta

from apps.kernel.events.relay import relay_due
from apps.kernel.jobs.leases import expired_jobs, stages_to_wake
from apps.kernel.jobs.outcomes import settle_expired
from apps.kernel.jobs.wake import call_worker

_GRACE = timedelta(seconds=10)
_AGAIN_AFTER = timedelta(seconds=30)


def sweep() -> None:
    """In the current tenant: relay waiting events, take back expired leases, call workers for what is due."""
    relay_due()
    for job_id in expired_jobs():
        settle_expired(job_id)
    for stage in stages_to_wake(grace=_GRACE, again_after=_AGAIN_AFTER):
        call_worker(stage.job_id, stage=stage.name)
