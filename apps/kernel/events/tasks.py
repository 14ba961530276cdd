"""The stream's housekeeping, for every tenant."""

from celery import shared_task

from apps.kernel.events.retention import prune
from apps.kernel.tenancy.context import active_tenants, inside
from apps.kernel.tenancy.tenant_task import PlatformTask


@shared_task(base=PlatformTask, name="events.prune", runs_on="default", time_limit=600)
def prune_streams() -> None:
    """Forget what is older than its retention, tenant by tenant."""
    for tenant in active_tenants():
        with inside(tenant):
            prune()
