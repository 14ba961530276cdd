"""Whether the current tenant may still work: what runs for long asks again, because a suspension does not wait for it."""

from enum import StrEnum

from django.db import connection
from django_tenants.utils import get_tenant_model

from apps.kernel.tenancy.context import current_tenant, in_control_plane


class Standing(StrEnum):
    """Gone: deleted, or being deleted; its tables may be missing already."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    GONE = "gone"


def standing() -> Standing:
    """How the current tenant stands now. NoTenantError without one."""
    tenant_id = current_tenant().id
    with in_control_plane():
        row = get_tenant_model().objects.filter(pk=tenant_id).first()
        if row is None or not row.has_door:
            return Standing.GONE
        return Standing.ACTIVE if row.is_active else Standing.SUSPENDED


def standing_until_commit() -> Standing:
    """As standing(), and it stays so until the caller's transaction ends: a suspension waits for it, other work does not."""
    tenant_id = current_tenant().id
    with in_control_plane(), connection.cursor() as cursor:
        query, values = get_tenant_model().objects.filter(pk=tenant_id).values("pk").query.sql_with_params()
        # Django knows only locks that keep each other out.
        cursor.execute(f"{query} FOR SHARE", values)
    return standing()
