"""The worker's way in, and the sweep that beat asks for."""

import logging
from collections.abc import Callable
from uuid import UUID

from celery import current_task, shared_task
from celery.exceptions import Reject
from django.db import DatabaseError, connection

from apps.kernel.errors import DomainError
from apps.kernel.jobs import runner, sweeper
from apps.kernel.jobs.leaving import is_leaving
from apps.kernel.jobs.wake import RUN_STAGE
from apps.kernel.tenancy.context import TenantRef, active_tenants, current_tenant, inside
from apps.kernel.tenancy.standing import Standing, standing
from apps.kernel.tenancy.tenant_task import PlatformTask, TenantTask

logger = logging.getLogger(__name__)


@shared_task(base=TenantTask, name=RUN_STAGE, acks_late=True)
def run_stage(job_id: str) -> None:
    """Run the job's next stage, if it is still to be run. A worker that is about to end hands the message back."""
    if is_leaving():
        raise Reject("worker_leaving", requeue=True)
    runner.run_stage(UUID(job_id))
    # Nobody works in an organization that was suspended or deleted meanwhile.
    if not current_task.request.is_eager and standing() is Standing.ACTIVE:
        _swept(current_tenant(), sweeper.sweep_if_overdue)


@shared_task(base=PlatformTask, name="jobs.sweep", runs_on="default", soft_time_limit=120, time_limit=150)
def sweep() -> None:
    """Sweep tenant by tenant; one that is broken is logged and does not keep the others waiting."""
    for tenant in active_tenants():
        _swept(tenant, sweeper.sweep)


def _swept(tenant: TenantRef, sweeping: Callable[[], None]) -> None:
    try:
        with inside(tenant):
            sweeping()
    except (DatabaseError, DomainError) as error:
        logger.error("sweep_failed", extra={"tenant": str(tenant.id), "fault": type(error).__name__})
        connection.close_if_unusable_or_obsolete()
