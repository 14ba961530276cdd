"""How many API calls one organization may make in a minute, where the installation's own figure does not fit."""

from django.db import transaction

from apps.kernel.errors import InvalidInputError
from apps.kernel.tenancy.context import in_control_plane
from apps.tenants.errors import TenantNotFoundError
from apps.tenants.models import Tenant
from apps.tenants.operator_log import record_operator_deed

MOST_CALLS = 10_000_000


def set_call_limit(slug: str, *, calls_per_minute: int | None, actor: str = "command line") -> None:
    """Set the figure, None for the installation's own; it holds within seconds. TenantNotFoundError, InvalidInputError."""
    if calls_per_minute is not None and not 1 <= calls_per_minute <= MOST_CALLS:
        raise InvalidInputError
    with in_control_plane(), transaction.atomic():
        tenant = Tenant.objects.select_for_update().filter(slug=slug).first()
        if tenant is None:
            raise TenantNotFoundError(slug=slug)
        tenant.api_calls_per_minute = calls_per_minute
        tenant.save(update_fields=["api_calls_per_minute", "updated_at"])
        said = {"calls_per_minute": str(calls_per_minute or "default")}
        record_operator_deed("tenant.call_limit_set", tenant_slug=slug, actor=actor, detail=said)
