"""Where a tenant's files lie: the tenant's id, the kind, an own id. A person's file name is never part of it."""

from uuid import UUID

from apps.kernel.identifiers import new_id
from apps.kernel.tenancy.context import current_tenant


def key_for(kind: str, object_id: UUID) -> str:
    """A new key for one file of the current tenant; NoTenantError without one."""
    if not (kind.isidentifier() and kind.isascii()):
        message = "kind must be a plain word"
        raise ValueError(message)
    return f"{tenant_prefix()}{kind}/{object_id}/{new_id()}"


def tenant_prefix() -> str:
    """Every key of the current tenant begins with this."""
    return f"t/{current_tenant().id}/"
