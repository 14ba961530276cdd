"""Which tenant this code works for: one ContextVar, and the connection of the thread that runs the SQL.

The tenant is never read from the connection: on an event loop that is another thread's connection, and it says `public`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django_tenants.utils import get_tenant_model

from apps.kernel.errors import DomainError, gettext_noop
from apps.kernel.tenancy.schema_switch import schema_switch


class NoTenantError(DomainError):
    """Code that needs a tenant ran without one: nothing is read, nothing is written."""

    code = "no_tenant"
    sentence = gettext_noop("No organization is given.")


@dataclass(frozen=True, slots=True)
class TenantRef:
    """A tenant as the rest of the code knows it; plain values only, so that it can cross threads."""

    id: UUID
    slug: str
    name: str
    schema_name: str
    # None: what the installation gives every organization.
    api_calls_per_minute: int | None = None

    @property
    def is_platform(self) -> bool:
        """Whether this is the platform's own organization, whose operators look after all others."""
        return self.slug == settings.PLATFORM_TENANT_SLUG


_current: ContextVar[TenantRef | None] = ContextVar("current_tenant", default=None)


def current_tenant() -> TenantRef:
    """The tenant this code works for; NoTenantError when there is none."""
    tenant = _current.get()
    if tenant is None:
        raise NoTenantError
    return tenant


def tenant_or_none() -> TenantRef | None:
    """The tenant this code works for, or None in the control plane."""
    return _current.get()


@contextmanager
def inside(tenant: TenantRef) -> Iterator[TenantRef]:
    """Work for `tenant` in this thread: the ContextVar and this thread's connection; both are put back, also after an error.

    The control plane's tables are out of sight meanwhile; only the platform's own organization sees them, for its operators.
    """
    token = _current.set(tenant)
    before = schema_switch.tenant, schema_switch.include_public_schema
    schema_switch.set_tenant(tenant, include_public=tenant.is_platform)
    try:
        yield tenant
    finally:
        _current.reset(token)
        schema_switch.set_tenant(before[0], include_public=before[1])


@contextmanager
def carrying(tenant: TenantRef) -> Iterator[TenantRef]:
    """Name the tenant for code on an event loop, where no SQL runs: tenant_db() enters it in the thread that does the work."""
    token = _current.set(tenant)
    try:
        yield tenant
    finally:
        _current.reset(token)


@contextmanager
def in_control_plane() -> Iterator[None]:
    """Work with the tenants' own tables: no tenant's rows can be reached meanwhile."""
    token = _current.set(None)
    before = schema_switch.tenant, schema_switch.include_public_schema
    schema_switch.set_schema_to_public()
    try:
        yield
    finally:
        _current.reset(token)
        schema_switch.set_tenant(before[0], include_public=before[1])


def active_tenants() -> list[TenantRef]:
    """All tenants that may work now, oldest first."""
    with in_control_plane():
        return [row.as_ref() for row in get_tenant_model().objects.active().order_by("created_at")]


def tenant_by_slug(slug: str) -> TenantRef | None:
    """The tenant with this slug whatever its state, or None."""
    with in_control_plane():
        row = get_tenant_model().objects.filter(slug=slug).first()
        return row.as_ref() if row else None


def active_tenant_by_id(tenant_id: UUID) -> TenantRef | None:
    """The tenant with this id if it may work now, else None."""
    with in_control_plane():
        row = get_tenant_model().objects.active().filter(pk=tenant_id).first()
        return row.as_ref() if row else None
