"""Who may do what: by role, by access, by organization, by key."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from apps.accounts.capabilities import ROLE_GRANTS, Capability, RoleName
from apps.accounts.models import Membership, Team
from apps.accounts.policies import (
    may,
    may_grant_role,
    may_manage,
    may_manage_people,
    require,
    require_people_manager,
    shares_team,
    teams_of,
)
from apps.kernel.errors import NotAllowedError
from apps.kernel.identifiers import new_id
from apps.kernel.tenancy.context import in_control_plane


@pytest.mark.parametrize("role", ["viewer", "analyst", "team_lead", "org_admin"])
def test_a_person_may_do_exactly_what_the_role_grants(cast_a: Any, role: str) -> None:
    person = getattr(cast_a, role)
    assert {capability for capability in Capability if may(person, capability)} == ROLE_GRANTS[RoleName(role)]


def test_an_inactive_person_may_do_nothing(cast_a: Any) -> None:
    cast_a.org_admin.is_active = False
    assert not any(may(cast_a.org_admin, capability) for capability in Capability)


def test_nobody_may_do_anything_outside_an_organization(cast_a: Any) -> None:
    with in_control_plane():
        assert not may(cast_a.org_admin, Capability.READ_DOCUMENTS)
    assert may(cast_a.org_admin, Capability.READ_DOCUMENTS)


def test_who_has_not_signed_in_may_do_nothing(tenant_a: Any) -> None:
    assert not any(may(AnonymousUser(), capability) for capability in Capability)
    with pytest.raises(NotAllowedError):
        require(AnonymousUser(), Capability.READ_DOCUMENTS)


def test_require_lets_pass_who_may_and_refuses_who_may_not(cast_a: Any) -> None:
    require(cast_a.analyst, Capability.UPLOAD_DOCUMENTS)
    with pytest.raises(NotAllowedError):
        require(cast_a.viewer, Capability.UPLOAD_DOCUMENTS)


def test_an_operator_has_no_capability_in_a_customers_organization(operator: Any, settings: Any) -> None:
    assert may(operator, Capability.MANAGE_PLATFORM)
    settings.PLATFORM_TENANT_SLUG = "platform"
    assert not any(may(operator, capability) for capability in Capability)


def test_a_key_narrows_what_its_owner_may_do_and_never_widens_it(cast_a: Any) -> None:
    cast_a.analyst.key_scopes = frozenset({"read_documents", "manage_organization"})
    assert {capability for capability in Capability if may(cast_a.analyst, capability)} == {Capability.READ_DOCUMENTS}


def test_people_are_managed_by_administrators_and_operators(cast_a: Any) -> None:
    assert [may_manage_people(person) for person in cast_a.everyone] == [False, False, False, True]
    require_people_manager(cast_a.org_admin)
    with pytest.raises(NotAllowedError):
        require_people_manager(cast_a.team_lead)


def test_an_administrator_gives_every_role_but_the_operators(cast_a: Any) -> None:
    assert [role for role in RoleName if may_grant_role(cast_a.org_admin, role)] == [
        RoleName.VIEWER,
        RoleName.ANALYST,
        RoleName.TEAM_LEAD,
        RoleName.ORG_ADMIN,
    ]
    assert not any(may_grant_role(cast_a.team_lead, role) for role in RoleName)


def test_an_operator_manages_operators_and_an_administrator_does_not(operator: Any, cast_a: Any) -> None:
    assert may_manage(operator, operator)
    assert may_manage(operator, cast_a.org_admin)
    assert not may_manage(cast_a.org_admin, operator)
    assert may_manage(cast_a.org_admin, cast_a.viewer)


def test_two_people_share_a_team_only_when_both_are_in_it(cast_a: Any) -> None:
    fraud, theft = Team.objects.create(name="Fraud"), Team.objects.create(name="Theft")
    Membership.objects.create(team=fraud, user=cast_a.team_lead)
    Membership.objects.create(team=fraud, user=cast_a.analyst)
    Membership.objects.create(team=theft, user=cast_a.viewer)
    assert shares_team(cast_a.team_lead, cast_a.analyst.pk)
    assert not shares_team(cast_a.team_lead, cast_a.viewer.pk)
    assert not shares_team(cast_a.team_lead, new_id())
    assert not shares_team(cast_a.team_lead, None)
    assert teams_of(cast_a.team_lead) == {fraud.pk}
    assert str(fraud) == "Fraud"
    assert "Fraud" in str(Membership.objects.get(user=cast_a.analyst))


@pytest.mark.parametrize(
    ("perm", "allowed"),
    [
        ("accounts.change_user", True),
        ("analysis.add_framework", True),
        ("documents.view_document", True),
        ("documents.change_document", False),
        ("tenants.view_tenant", False),
        ("auth.view_group", False),
    ],
)
def test_the_admin_site_asks_the_role(cast_a: Any, perm: str, allowed: bool) -> None:
    assert cast_a.org_admin.has_perm(perm) is allowed
    assert cast_a.team_lead.has_perm(perm) is False
    assert (cast_a.org_admin.is_staff, cast_a.team_lead.is_staff) == (True, False)


def test_an_operator_manages_the_platform_in_the_admin_site(operator: Any) -> None:
    assert operator.is_staff
    assert operator.has_perm("tenants.change_tenant")
    assert operator.has_module_perms("tenants")
    assert not operator.has_perm("auth.change_group")
