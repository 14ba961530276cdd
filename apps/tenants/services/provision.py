"""Provision a tenant: its row, its schema cloned from the template, its host. Resumable after a crash."""

from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django_tenants.clone import CloneSchema
from django_tenants.utils import schema_exists

from apps.kernel.tenancy.context import TenantRef, in_control_plane
from apps.kernel.tenancy.hosts import canonical_host
from apps.tenants.choices import TenantState
from apps.tenants.errors import DomainRefusedError, SlugRefusedError, SlugTakenError, TemplateMissingError
from apps.tenants.models import Domain, Tenant
from apps.tenants.models.tenant import RESERVED_SLUGS
from apps.tenants.operator_log import record_operator_deed


def provision_tenant(
    slug: str, *, name: str, domain: str = "", actor: str = "command line", tenant_id: UUID | None = None
) -> TenantRef:
    """Make the organization, ready to be entered, and return it.

    A half-made one of the same slug (its state says so) is finished. `domain` defaults to the slug under the base domain.
    Raises SlugRefusedError, SlugTakenError, DomainRefusedError, TemplateMissingError.
    """
    with in_control_plane():
        if not schema_exists(settings.TENANT_TEMPLATE_SCHEMA):
            raise TemplateMissingError
        tenant = _claimed_row(slug, name=name, tenant_id=tenant_id)
        _claim_domain(tenant, domain or f"{slug}.{settings.PRISM_BASE_DOMAIN}")
        # One transaction: a crash leaves either the whole schema or none.
        with transaction.atomic():
            if not schema_exists(tenant.schema_name):
                CloneSchema().clone_schema(
                    settings.TENANT_TEMPLATE_SCHEMA, tenant.schema_name, "DATA", set_connection=False
                )
            tenant.state = TenantState.ACTIVE
            tenant.save(update_fields=["state", "updated_at"])
            record_operator_deed("tenant.provisioned", tenant_slug=slug, actor=actor)
        return tenant.as_ref()


def _claimed_row(slug: str, *, name: str, tenant_id: UUID | None) -> Tenant:
    tenant = Tenant.objects.filter(slug=slug).first()
    if tenant is not None:
        if tenant.state != TenantState.PROVISIONING:
            raise SlugTakenError(slug=slug)
        return tenant
    tenant = Tenant(slug=slug, name=name)
    if tenant_id is not None:
        tenant.id = tenant_id
    try:
        if slug in RESERVED_SLUGS:
            raise SlugRefusedError(slug=slug)
        tenant.full_clean(exclude=["schema_name"])
    except ValidationError as error:
        raise SlugRefusedError(slug=slug) from error
    try:
        with transaction.atomic():
            tenant.save(force_insert=True)
    except IntegrityError as error:
        raise SlugTakenError(slug=slug) from error
    return tenant


def _claim_domain(tenant: Tenant, raw: str) -> None:
    domain = canonical_host(raw)
    if not domain:
        raise DomainRefusedError(domain=raw)
    owner = Domain.objects.filter(domain=domain).first()
    if owner is not None and owner.tenant_id != tenant.id:
        raise DomainRefusedError(domain=raw)
    if owner is None:
        is_first = not tenant.domains.exists()
        Domain.objects.create(domain=domain, tenant=tenant, is_primary=is_first)
