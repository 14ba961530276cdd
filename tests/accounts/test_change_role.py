"""Changing roles: at once, by those who may, and never away from the last administrator."""

from typing import Any

import pytest

from apps.accounts.capabilities import RoleName
from apps.accounts.errors import LastAdministratorError
from apps.accounts.models import User
from apps.accounts.services.change_role import change_role
from apps.kernel.audit.models import AuditEntry
from apps.kernel.errors import NotAllowedError
from apps.kernel.tenancy.context import inside
from tests.accounts.conftest import actions


@pytest.fixture
def admin(client_for: Any, cast_a: Any, tenant_a: Any) -> Any:
    return client_for(cast_a.org_admin, tenant_a)


def _change(client: Any, person: Any, role: str) -> Any:
    return client.post(f"/people/{person.pk}/role/", {"role": role})


def test_a_new_role_holds_at_once_and_ends_the_sessions(
    admin: Any, client_for: Any, cast_a: Any, tenant_a: Any
) -> None:
    theirs = client_for(cast_a.analyst, tenant_a)
    assert theirs.get("/profile/").status_code == 200
    assert _change(admin, cast_a.analyst, "viewer").status_code == 302
    assert User.objects.get(pk=cast_a.analyst.pk).role == "viewer"
    assert theirs.get("/profile/").status_code == 302
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.detail) == ("person.role_changed", {"before": "analyst", "after": "viewer"})


def test_the_same_role_again_changes_nothing(admin: Any, cast_a: Any) -> None:
    assert _change(admin, cast_a.analyst, "analyst").status_code == 302
    assert User.objects.get(pk=cast_a.analyst.pk).session_epoch == 0
    assert actions() == []


@pytest.mark.parametrize("role", ["viewer", "analyst", "team_lead"])
def test_only_an_administrator_changes_roles(client_for: Any, cast_a: Any, tenant_a: Any, role: str) -> None:
    client = client_for(getattr(cast_a, role), tenant_a)
    assert _change(client, cast_a.viewer, "org_admin").status_code == 403
    with pytest.raises(NotAllowedError):
        change_role(getattr(cast_a, role), person_id=cast_a.viewer.pk, role=RoleName.ORG_ADMIN)
    assert User.objects.get(pk=cast_a.viewer.pk).role == "viewer"


@pytest.mark.parametrize("role", ["system_admin"])
def test_an_administrator_cannot_give_the_operators_role(admin: Any, cast_a: Any, role: str) -> None:
    assert _change(admin, cast_a.analyst, role).status_code == 403
    assert User.objects.get(pk=cast_a.analyst.pk).role == "analyst"


def test_a_role_that_is_none_is_refused(admin: Any, cast_a: Any) -> None:
    assert _change(admin, cast_a.analyst, "owner").status_code == 400


def test_the_last_administrator_stays_one(admin: Any, cast_a: Any) -> None:
    answer = _change(admin, cast_a.org_admin, "viewer")
    assert answer.status_code == 409
    assert "last administrator" in answer.content.decode()
    assert User.objects.get(pk=cast_a.org_admin.pk).role == "org_admin"


def test_an_inactive_administrator_does_not_count(admin: Any, cast_a: Any) -> None:
    User.objects.filter(pk=cast_a.team_lead.pk).update(role="org_admin", is_active=False)
    with pytest.raises(LastAdministratorError):
        change_role(cast_a.org_admin, person_id=cast_a.org_admin.pk, role=RoleName.VIEWER)
    User.objects.filter(pk=cast_a.team_lead.pk).update(is_active=True)
    assert change_role(cast_a.org_admin, person_id=cast_a.org_admin.pk, role=RoleName.VIEWER).role == "viewer"


def test_the_last_operator_stays_one(operator: Any) -> None:
    with pytest.raises(LastAdministratorError):
        change_role(operator, person_id=operator.pk, role=RoleName.VIEWER)


def test_a_person_of_another_organization_is_out_of_reach(admin: Any, cast_a: Any, tenant_b: Any) -> None:
    with inside(tenant_b):
        stranger = User.objects.create_person("only@b.example", name="Only B", role=RoleName.VIEWER)
    assert _change(admin, stranger, "analyst").status_code == 404
    with inside(tenant_b):
        assert User.objects.get(pk=stranger.pk).role == "viewer"


def test_equal_ids_never_cross(admin: Any, cast_a: Any, tenant_b: Any) -> None:
    _change(admin, cast_a.analyst, "team_lead")
    with inside(tenant_b):
        assert User.objects.get(pk=cast_a.analyst.pk).role == "analyst"
