"""From a Host header to a tenant: one canonical form of a host, one look-up."""

from dataclasses import dataclass

from django_tenants.utils import get_tenant_domain_model

from apps.kernel.tenancy.context import TenantRef, in_control_plane

_LONGEST_HOST = 253


@dataclass(frozen=True, slots=True)
class HostAnswer:
    """Who a host belongs to, and whether it may work now."""

    tenant: TenantRef
    is_active: bool


def canonical_host(raw: str) -> str:
    """Lower case, without port, trailing dot or user part; "" for what is no host name."""
    host = raw.strip().lower()
    if host.startswith("["):
        return ""
    host = host.partition(":")[0].rstrip(".")
    if not host or len(host) > _LONGEST_HOST or not all(part and part.isascii() for part in host.split(".")):
        return ""
    return host if all(letter.isalnum() or letter in "-." for letter in host) else ""


def tenant_for_host(raw: str) -> HostAnswer | None:
    """The tenant that owns this host, or None; sub-domains never fall back to a parent."""
    host = canonical_host(raw)
    if not host:
        return None
    with in_control_plane():
        row = get_tenant_domain_model().objects.select_related("tenant").filter(domain=host).first()
        return HostAnswer(row.tenant.as_ref(), row.tenant.is_active) if row else None
