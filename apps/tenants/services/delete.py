"""Delete a tenant with all that is its own; the record that it existed stays."""

from django.core.cache import cache
from django.db import connection, transaction
from redis.exceptions import RedisError

from apps.kernel.storage.tenant_files import delete_all_files
from apps.kernel.tenancy.context import in_control_plane, inside
from apps.tenants.choices import TenantState
from apps.tenants.errors import ConfirmationMismatchError, TenantNotFoundError
from apps.tenants.models import Tenant
from apps.tenants.operator_log import record_operator_deed


def delete_tenant(slug: str, *, confirmation: str, actor: str = "command line") -> None:
    """Remove schema, files, cache entries, hosts and row; may be run again after a crash.

    Raises TenantNotFoundError, ConfirmationMismatchError.
    """
    if confirmation != slug:
        raise ConfirmationMismatchError(slug=slug)
    with in_control_plane():
        tenant = Tenant.objects.filter(slug=slug).first()
        if tenant is None:
            raise TenantNotFoundError(slug=slug)
        # From here on nobody can enter, so nothing new can appear behind us.
        Tenant.objects.filter(pk=tenant.pk).update(state=TenantState.DELETING)
    with inside(tenant.as_ref()):
        delete_all_files()
    _forget_cached(tenant)
    with in_control_plane(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {connection.ops.quote_name(tenant.schema_name)} CASCADE")
        record_operator_deed("tenant.deleted", tenant_slug=slug, actor=actor, detail={"tenant_id": str(tenant.pk)})
        Tenant.objects.filter(pk=tenant.pk).delete()


def _forget_cached(tenant: Tenant) -> None:
    """Cache entries expire by themselves; a cache that is down does not keep a tenant from being deleted."""
    client = getattr(cache, "_cache", None)
    if client is None:
        return
    try:
        connection_to_cache = client.get_client(None, write=True)
        keys = list(connection_to_cache.scan_iter(match=f"*:t:{tenant.pk}:*"))
        if keys:
            connection_to_cache.delete(*keys)
    except RedisError:
        return
