"""A command on people's data works in the organizations it was told, and touches nothing when it was told none."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.kernel.tenancy.context import TenantRef, current_tenant
from apps.kernel.tenancy.tenant_command import TenantCommand
from apps.tenants.services.suspend import suspend_tenant


class Visits(TenantCommand):
    """Notes where it has been."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def handle_tenant(self, tenant: TenantRef, /, **options: Any) -> None:
        assert current_tenant() == tenant
        self.seen.append(tenant.slug)


class OneAlone(Visits):
    allows_all_tenants = False


def test_it_works_in_the_organization_that_is_named(both_tenants: Any) -> None:
    command = Visits()
    call_command(command, tenant="beta")
    assert command.seen == ["beta"]


def test_all_organizations_means_all_that_may_work(both_tenants: Any) -> None:
    command = Visits()
    call_command(command, all_tenants=True)
    assert command.seen == ["alpha", "beta"]
    suspend_tenant("alpha")
    call_command(command, all_tenants=True)
    assert command.seen == ["alpha", "beta", "beta"]


@pytest.mark.parametrize(
    ("command", "options", "sentence"),
    [
        (Visits, {}, "--tenant SLUG or --all-tenants"),
        (OneAlone, {}, "--tenant SLUG$"),
        (Visits, {"tenant": "nobody"}, "there is no organization 'nobody'"),
    ],
)
def test_without_an_organization_it_touches_nothing(
    both_tenants: Any, command: Any, options: Any, sentence: str
) -> None:
    made = command()
    with pytest.raises(CommandError, match=sentence):
        call_command(made, **options)
    assert made.seen == []


def test_one_that_is_for_a_single_organization_has_no_word_for_all(both_tenants: Any) -> None:
    with pytest.raises(TypeError, match="all_tenants"):
        call_command(OneAlone(), all_tenants=True)


def test_one_that_does_nothing_is_a_fault_of_the_code(both_tenants: Any) -> None:
    with pytest.raises(NotImplementedError):
        call_command(TenantCommand(), tenant="alpha")
