"""The hosts of an organization: add one, remove one, choose the one that links are made with."""

from django.conf import settings
from django.db import IntegrityError, transaction

from apps.kernel.tenancy.context import in_control_plane
from apps.kernel.tenancy.hosts import canonical_host
from apps.tenants.choices import TenantState
from apps.tenants.errors import DomainRefusedError, HostKeptError, TenantNotFoundError
from apps.tenants.models import Domain, Tenant
from apps.tenants.operator_log import record_operator_deed

_WITH_A_DOOR = (TenantState.ACTIVE, TenantState.SUSPENDED)


def own_host(slug: str, raw: str) -> str:
    """The host in canonical form. Under the base domain an organization has its own name and no other; the base itself is nobody's.

    Raises DomainRefusedError.
    """
    domain = canonical_host(raw)
    base = canonical_host(settings.PRISM_BASE_DOMAIN)
    is_under_base = domain == base or domain.endswith(f".{base}")
    if not domain or (is_under_base and domain != f"{slug}.{base}"):
        raise DomainRefusedError(domain=raw)
    return domain


def add_host(slug: str, *, domain: str, actor: str = "command line") -> None:
    """The organization answers there from now on. Raises TenantNotFoundError, DomainRefusedError: also for a host that is taken."""
    host = own_host(slug, domain)
    try:
        with in_control_plane(), transaction.atomic():
            Domain.objects.create(domain=host, tenant=_locked(slug), is_primary=False)
            record_operator_deed("tenant.host_added", tenant_slug=slug, actor=actor, detail={"host": host})
    except IntegrityError as error:
        raise DomainRefusedError(domain=domain) from error


def remove_host(slug: str, *, domain: str, actor: str = "command line") -> None:
    """Nobody answers there any more; every process knows it within seconds. Raises TenantNotFoundError, DomainRefusedError, HostKeptError."""
    with in_control_plane(), transaction.atomic():
        row = _host(_locked(slug), domain)
        if row.is_primary:
            raise HostKeptError(domain=row.domain)
        row.delete()
        record_operator_deed("tenant.host_removed", tenant_slug=slug, actor=actor, detail={"host": row.domain})


def make_primary_host(slug: str, *, domain: str, actor: str = "command line") -> None:
    """Links in mails and addresses for providers are made with it from now on. Raises TenantNotFoundError, DomainRefusedError."""
    with in_control_plane(), transaction.atomic():
        tenant = _locked(slug)
        row = _host(tenant, domain)
        if row.is_primary:
            return
        tenant.domains.filter(is_primary=True).update(is_primary=False)
        row.is_primary = True
        row.save(update_fields=["is_primary", "updated_at"])
        record_operator_deed("tenant.primary_host_set", tenant_slug=slug, actor=actor, detail={"host": row.domain})


def _locked(slug: str) -> Tenant:
    tenant = Tenant.objects.select_for_update().filter(slug=slug, state__in=_WITH_A_DOOR).first()
    if tenant is None:
        raise TenantNotFoundError(slug=slug)
    return tenant


def _host(tenant: Tenant, domain: str) -> Domain:
    row = tenant.domains.filter(domain=canonical_host(domain)).first()
    if row is None:
        raise DomainRefusedError(domain=domain)
    return row
