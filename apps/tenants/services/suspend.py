"""Suspend and resume a tenant: its people are out at once, its data stays."""

from django.conf import settings
from django.db import OperationalError, transaction

from apps.kernel.tenancy.context import in_control_plane
from apps.tenants.choices import TenantState
from apps.tenants.errors import PlatformKeptError, TenantBusyError, TenantNotFoundError
from apps.tenants.models import Tenant
from apps.tenants.operator_log import record_operator_deed


def suspend_tenant(slug: str, *, reason: str = "", actor: str = "command line") -> None:
    """Shut the doors: pages, API, sockets and tasks refuse, and a stage in work writes nothing after this has returned.

    It stops at its next step and waits to be resumed. Raises TenantNotFoundError, PlatformKeptError, TenantBusyError.
    """
    if slug == settings.PLATFORM_TENANT_SLUG:
        raise PlatformKeptError(slug=slug)
    _set_state(slug, TenantState.SUSPENDED, reason=reason, actor=actor)


def resume_tenant(slug: str, *, actor: str = "command line") -> None:
    """Open the doors again; the next sweep sets its jobs going. TenantNotFoundError for an unknown slug, TenantBusyError."""
    _set_state(slug, TenantState.ACTIVE, reason="", actor=actor)


def _set_state(slug: str, state: TenantState, *, reason: str, actor: str) -> None:
    with in_control_plane(), transaction.atomic():
        tenant = _locked(slug)
        if tenant is None:
            raise TenantNotFoundError(slug=slug)
        if (tenant.state, tenant.suspended_reason) == (state, reason):
            return
        tenant.state = state
        tenant.suspended_reason = reason
        tenant.save(update_fields=["state", "suspended_reason", "updated_at"])
        record_operator_deed(f"tenant.{state}", tenant_slug=slug, actor=actor, detail={"reason": reason})


def _locked(slug: str) -> Tenant | None:
    """The row, once no stage is in the middle of writing."""
    allowed = [TenantState.ACTIVE, TenantState.SUSPENDED]
    try:
        return Tenant.objects.select_for_update().filter(slug=slug, state__in=allowed).first()
    except OperationalError as error:
        raise TenantBusyError(slug=slug) from error
