"""Delete a tenant with all that is its own; the record that it existed stays."""

from dataclasses import dataclass

from django.conf import settings
from django.core.cache import cache
from django.db import OperationalError, connection, transaction
from redis import Redis
from redis.exceptions import RedisError

from apps.kernel.storage.tenant_files import delete_all_files
from apps.kernel.tenancy.context import in_control_plane, inside
from apps.tenants.choices import TenantState
from apps.tenants.errors import (
    ConfirmationMismatchError,
    NotSuspendedError,
    PlatformKeptError,
    TenantBusyError,
    TenantNotFoundError,
)
from apps.tenants.models import Tenant
from apps.tenants.operator_log import record_operator_deed


@dataclass(frozen=True, slots=True)
class Deletion:
    """What would go."""

    slug: str
    name: str
    hosts: tuple[str, ...]


def deletion_of(slug: str) -> Deletion:
    """What deleting this organization would take away; nothing is changed. TenantNotFoundError, PlatformKeptError."""
    with in_control_plane():
        tenant = _tenant(slug)
        hosts = tenant.domains.order_by("domain").values_list("domain", flat=True)
        return Deletion(slug=slug, name=tenant.name, hosts=tuple(hosts))


def delete_tenant(slug: str, *, confirmation: str, actor: str = "command line") -> None:
    """Remove schema, files, cache entries, hosts and row; may be run again after a crash.

    Raises TenantNotFoundError, ConfirmationMismatchError, PlatformKeptError, TenantBusyError.
    """
    if confirmation != slug:
        raise ConfirmationMismatchError(slug=slug)
    with in_control_plane():
        tenant = _tenant(slug)
        _shut_and_drop(tenant)
    with inside(tenant.as_ref()):
        delete_all_files()
    _forget_cached(tenant)
    with in_control_plane(), transaction.atomic():
        record_operator_deed("tenant.deleted", tenant_slug=slug, actor=actor, detail={"tenant_id": str(tenant.pk)})
        Tenant.objects.filter(pk=tenant.pk).delete()


def delete_suspended_tenant(slug: str, *, confirmation: str, actor: str) -> None:
    """As delete_tenant(), for one whose people are out already: what a click takes away was taken from nobody who was still at work.

    Raises NotSuspendedError and what delete_tenant raises.
    """
    if confirmation != slug:
        raise ConfirmationMismatchError(slug=slug)
    with in_control_plane():
        if _tenant(slug).state not in {TenantState.SUSPENDED, TenantState.DELETING}:
            raise NotSuspendedError(slug=slug)
    delete_tenant(slug, confirmation=confirmation, actor=actor)


def _tenant(slug: str) -> Tenant:
    tenant = Tenant.objects.filter(slug=slug).first()
    if tenant is None:
        raise TenantNotFoundError(slug=slug)
    if slug == settings.PLATFORM_TENANT_SLUG:
        raise PlatformKeptError(slug=slug)
    return tenant


def _shut_and_drop(tenant: Tenant) -> None:
    try:
        # From here on nobody can enter. Requests that are inside already lose their tables first, and what they stored with them.
        Tenant.objects.filter(pk=tenant.pk).update(state=TenantState.DELETING)
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA IF EXISTS {connection.ops.quote_name(tenant.schema_name)} CASCADE")
    except OperationalError as error:
        raise TenantBusyError(slug=tenant.slug) from error


def _forget_cached(tenant: Tenant) -> None:
    """Entries and groups expire by themselves; a cache that is down does not keep a tenant from being deleted."""
    client: Redis = cache._cache.get_client(None, write=True)  # type: ignore[attr-defined]  # noqa: SLF001 - Django cannot list keys
    try:
        for pattern in (f"*t:{tenant.pk}:*", f"*t.{tenant.pk}.*"):
            for key in client.scan_iter(match=pattern, count=1000):
                client.delete(key)
    except RedisError:
        return
