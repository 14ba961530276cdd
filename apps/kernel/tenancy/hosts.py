"""From a Host header to a tenant: one canonical form of a host, one look-up."""

import re
from dataclasses import dataclass

from django_tenants.utils import get_tenant_domain_model

from apps.kernel.tenancy.context import TenantRef, in_control_plane

_LONGEST_HOST = 253
_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?P<name>{_LABEL}(?:\.{_LABEL})*)\.?(?::[0-9]{{1,5}})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class HostAnswer:
    """Who a host belongs to, and whether it may work now."""

    tenant: TenantRef
    is_active: bool


def canonical_host(raw: str) -> str:
    """Lower case, without port and one trailing dot; "" for what is no host name (an IP address, user@host, other letters).

    Names outside ASCII come as punycode, from browsers and from DNS alike.
    """
    found = _HOST.fullmatch(raw.strip().lower())
    host = found["name"] if found else ""
    return host if len(host) <= _LONGEST_HOST and not host.rpartition(".")[2].isdigit() else ""


def tenant_for_host(raw: str) -> HostAnswer | None:
    """The tenant that owns this host, or None; sub-domains never fall back to a parent.

    One that is being set up or deleted has no door: it is answered like a host that belongs to nobody.
    """
    host = canonical_host(raw)
    if not host:
        return None
    with in_control_plane():
        row = get_tenant_domain_model().objects.select_related("tenant").filter(domain=host).first()
        if row is None or not row.tenant.has_door:
            return None
        return HostAnswer(row.tenant.as_ref(), row.tenant.is_active)
