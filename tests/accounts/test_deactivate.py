"""Taking access away and giving it back."""

from typing import Any

import pytest

from apps.accounts.capabilities import Capability
from apps.accounts.models import User
from apps.accounts.services.deactivate import deactivate_person
from apps.accounts.services.issue_api_key import issue_api_key
from apps.accounts.services.reactivate import reactivate_person
from apps.kernel.errors import NotAllowedError
from apps.kernel.tenancy.context import inside
from tests.accounts.conftest import actions
from tests.conftest import PASSWORD


@pytest.fixture
def admin(client_for: Any, cast_a: Any, tenant_a: Any) -> Any:
    return client_for(cast_a.org_admin, tenant_a)


def test_a_deactivated_person_is_out_at_once_with_session_and_key(
    admin: Any, client_for: Any, anonymous_client: Any, cast_a: Any, tenant_a: Any
) -> None:
    theirs, program = client_for(cast_a.analyst, tenant_a), anonymous_client(tenant_a)
    bearer = {
        "Authorization": "Bearer "
        + issue_api_key(cast_a.analyst, name="n", scopes=[Capability.READ_DOCUMENTS], life_days=1).token
    }
    assert theirs.get("/profile/").status_code == 200
    assert program.get("/api/v2/me/", headers=bearer).status_code == 200
    assert admin.post(f"/people/{cast_a.analyst.pk}/deactivate/").status_code == 302
    assert theirs.get("/profile/").status_code == 302
    assert program.get("/api/v2/me/", headers=bearer).status_code == 401
    assert program.post("/sign-in/", {"email": "analyst@example.com", "password": PASSWORD}).status_code == 400
    assert "person.deactivated" in actions()


def test_a_reactivated_person_signs_in_again_but_old_sessions_stay_dead(
    admin: Any, client_for: Any, anonymous_client: Any, cast_a: Any, tenant_a: Any
) -> None:
    theirs = client_for(cast_a.analyst, tenant_a)
    admin.post(f"/people/{cast_a.analyst.pk}/deactivate/")
    assert admin.post(f"/people/{cast_a.analyst.pk}/reactivate/").status_code == 302
    assert theirs.get("/profile/").status_code == 302
    fresh = anonymous_client(tenant_a)
    assert fresh.post("/sign-in/", {"email": "analyst@example.com", "password": PASSWORD}).status_code == 302
    assert actions() == ["person.deactivated", "person.reactivated", "person.signed_in"]


def test_doing_it_twice_is_doing_it_once(cast_a: Any) -> None:
    for _ in range(2):
        deactivate_person(cast_a.org_admin, person_id=cast_a.viewer.pk)
    for _ in range(2):
        reactivate_person(cast_a.org_admin, person_id=cast_a.viewer.pk)
    assert actions() == ["person.deactivated", "person.reactivated"]


@pytest.mark.parametrize("role", ["viewer", "analyst", "team_lead"])
@pytest.mark.parametrize("deed", ["deactivate", "reactivate"])
def test_only_an_administrator_may(client_for: Any, cast_a: Any, tenant_a: Any, role: str, deed: str) -> None:
    client = client_for(getattr(cast_a, role), tenant_a)
    assert client.post(f"/people/{cast_a.viewer.pk}/{deed}/").status_code == 403
    assert User.objects.get(pk=cast_a.viewer.pk).is_active


def test_the_last_administrator_cannot_leave(admin: Any, cast_a: Any) -> None:
    answer = admin.post(f"/people/{cast_a.org_admin.pk}/deactivate/")
    assert answer.status_code == 409
    assert "last administrator" in answer.content.decode()
    assert User.objects.get(pk=cast_a.org_admin.pk).is_active


def test_an_administrator_has_no_say_over_an_operator(operator: Any, cast_a: Any) -> None:
    for deed in (deactivate_person, reactivate_person):
        with pytest.raises(NotAllowedError):
            deed(cast_a.org_admin, person_id=operator.pk)


@pytest.mark.parametrize("deed", ["deactivate", "reactivate"])
def test_a_person_of_another_organization_is_out_of_reach(admin: Any, tenant_b: Any, deed: str) -> None:
    with inside(tenant_b):
        from apps.accounts.capabilities import RoleName

        stranger = User.objects.create_person("only@b.example", name="Only B", role=RoleName.VIEWER)
    assert admin.post(f"/people/{stranger.pk}/{deed}/").status_code == 404
    with inside(tenant_b):
        assert User.objects.get(pk=stranger.pk).is_active
