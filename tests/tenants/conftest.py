"""What the tests of the control plane share."""

from collections.abc import Iterator
from typing import Any

import pytest

from apps.kernel.tenancy.context import TenantRef, in_control_plane, inside
from apps.tenants.models import Domain, OperatorEntry, Tenant
from apps.tenants.services.provision import provision_tenant


@pytest.fixture
def platform(both_tenants: tuple[TenantRef, TenantRef]) -> Iterator[TenantRef]:
    """The platform's own organization, entered; its operator is `operator`."""
    made = provision_tenant("platform", name="Platform")
    with inside(made) as tenant:
        yield tenant


@pytest.fixture
def operator(platform: TenantRef) -> Any:
    """A person who looks after all organizations."""
    from apps.accounts.capabilities import RoleName
    from apps.accounts.models import User

    return User.objects.create_person("operator@example.com", name="Operator", role=RoleName.SYSTEM_ADMIN)


def tenant_row(slug: str) -> Tenant:
    with in_control_plane():
        return Tenant.objects.get(slug=slug)


def hosts_of(slug: str) -> list[str]:
    with in_control_plane():
        return list(Domain.objects.filter(tenant__slug=slug).order_by("domain").values_list("domain", flat=True))


def operator_log(slug: str) -> list[tuple[str, str]]:
    """Action and actor, oldest first."""
    with in_control_plane():
        return list(OperatorEntry.objects.filter(tenant_slug=slug).order_by("at", "id").values_list("action", "actor"))


def anybody_there(slug: str) -> bool:
    with in_control_plane():
        return Tenant.objects.filter(slug=slug).exists()
