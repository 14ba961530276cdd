"""Provision a tenant: its row, its schema cloned from the template, its host. Resumable after a crash."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from apps.kernel.events.bus import publish
from apps.kernel.tenancy.context import TenantRef, in_control_plane, inside
from apps.tenants.choices import TenantState
from apps.tenants.errors import (
    AddressRefusedError,
    DomainRefusedError,
    SlugRefusedError,
    SlugTakenError,
    TemplateMissingError,
)
from apps.tenants.events import OrganizationProvisioned
from apps.tenants.models import Domain, Tenant
from apps.tenants.models.tenant import RESERVED_SLUGS
from apps.tenants.operator_log import record_operator_deed
from apps.tenants.schema_clone import clone_template, template_exists
from apps.tenants.schema_lock import schemas_unchanging
from apps.tenants.services.hosts import own_host


@dataclass(frozen=True, slots=True)
class NewTenant:
    """What an operator asks for, in the form in which it is kept; made by `wanted_tenant` alone."""

    slug: str
    name: str
    domain: str
    admin_email: str
    id: UUID | None


def provision_tenant(
    slug: str,
    *,
    name: str,
    domain: str = "",
    admin_email: str = "",
    actor: str = "command line",
    tenant_id: UUID | None = None,
) -> TenantRef:
    """Make the organization, ready to be entered, and return it.

    A half-made one of the same slug (its state says so) is finished. `domain` defaults to the slug under the base domain;
    `admin_email` is invited as its first administrator. Raises SlugRefusedError, SlugTakenError, DomainRefusedError,
    AddressRefusedError, TemplateMissingError, TenantBusyError.
    """
    with in_control_plane():
        wanted = wanted_tenant(slug, name=name, domain=domain, admin_email=admin_email, tenant_id=tenant_id)
        if not template_exists():
            raise TemplateMissingError
        tenant = _claimed(wanted)
        # One transaction: a crash leaves either the whole schema or none.
        with schemas_unchanging(slug):
            _make_ready(tenant, wanted, actor=actor)
        return tenant.as_ref()


def wanted_tenant(
    slug: str, *, name: str, domain: str = "", admin_email: str = "", tenant_id: UUID | None = None
) -> NewTenant:
    """What was asked for, checked against every rule and against what is there; nothing is written.

    Raises SlugRefusedError, SlugTakenError, DomainRefusedError, AddressRefusedError.
    """
    with in_control_plane():
        _refuse_slug(slug, name)
        half_made = Tenant.objects.filter(slug=slug).first()
        if half_made is not None and half_made.state != TenantState.PROVISIONING:
            raise SlugTakenError(slug=slug)
        raw = domain or f"{slug}.{settings.PRISM_BASE_DOMAIN}"
        if Domain.objects.filter(domain=own_host(slug, raw)).exclude(tenant=half_made).exists():
            raise DomainRefusedError(domain=raw)
    if admin_email:
        _refuse_no_address(admin_email)
    return NewTenant(slug=slug, name=name, domain=own_host(slug, raw), admin_email=admin_email, id=tenant_id)


def _refuse_slug(slug: str, name: str) -> None:
    if slug in RESERVED_SLUGS or slug.endswith("-"):
        raise SlugRefusedError(slug=slug)
    try:
        Tenant(slug=slug, name=name).full_clean(exclude=["schema_name"], validate_unique=False)
    except ValidationError as error:
        raise SlugRefusedError(slug=slug) from error


def _refuse_no_address(email: str) -> None:
    try:
        validate_email(email)
    except ValidationError as error:
        raise AddressRefusedError(email=email) from error


def _claimed(wanted: NewTenant) -> Tenant:
    """The row with its host, both or neither: the half-made one, or a new one."""
    try:
        with transaction.atomic():
            tenant = Tenant.objects.select_for_update().filter(slug=wanted.slug).first()
            if tenant is None:
                tenant = Tenant(slug=wanted.slug, name=wanted.name)
                if wanted.id is not None:
                    tenant.id = wanted.id
                tenant.save(force_insert=True)
            if not tenant.domains.filter(domain=wanted.domain).exists():
                Domain.objects.create(domain=wanted.domain, tenant=tenant, is_primary=not tenant.domains.exists())
            return tenant
    except IntegrityError as error:
        # Somebody took the slug or the host since they were looked at.
        raise SlugTakenError(slug=wanted.slug) from error


def _make_ready(tenant: Tenant, wanted: NewTenant, *, actor: str) -> None:
    tenant.refresh_from_db(from_queryset=Tenant.objects.select_for_update())
    if tenant.state != TenantState.PROVISIONING:
        raise SlugTakenError(slug=tenant.slug)
    clone_template(tenant.schema_name)
    tenant.state = TenantState.ACTIVE
    tenant.save(update_fields=["state", "updated_at"])
    record_operator_deed("tenant.provisioned", tenant_slug=tenant.slug, actor=actor, detail={"host": wanted.domain})
    if wanted.admin_email:
        with inside(tenant.as_ref()):
            publish(OrganizationProvisioned(admin_email=wanted.admin_email))
