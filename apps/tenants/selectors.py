"""Questions about organizations that other rooms may ask."""

from django.conf import settings

from apps.kernel.tenancy.context import current_tenant, in_control_plane
from apps.tenants.models import Domain


def absolute_link(path: str) -> str:
    """The path on this organization's primary host; a Host header that somebody sent has no say in it."""
    tenant = current_tenant()
    with in_control_plane():
        host = (
            Domain.objects.filter(tenant_id=tenant.id)
            .order_by("-is_primary", "created_at")
            .values_list("domain", flat=True)
            .first()
        )
    usual = {"http": 80, "https": 443}[settings.PRISM_SCHEME]
    port = "" if usual == settings.PRISM_PORT else f":{settings.PRISM_PORT}"
    return f"{settings.PRISM_SCHEME}://{host}{port}{path}"
