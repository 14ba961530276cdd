"""Messages as a task's sender makes them."""

from apps.kernel.signing import sign
from apps.kernel.tenancy.context import TenantRef


def header_for(tenant: TenantRef, task: str) -> dict[str, str]:
    """The header of a genuine message of this task for this organization."""
    return {"id": str(tenant.id), "proof": sign(task, purpose="task", tenant_id=tenant.id)}
