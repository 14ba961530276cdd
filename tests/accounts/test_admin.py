"""The admin site: entered by those who manage, and no way around the deeds."""

from typing import Any

import pytest
from django.core import mail

from apps.accounts.capabilities import Capability
from apps.accounts.models import ApiKey, Invitation, SSOConnection, Team, User
from apps.accounts.services.issue_api_key import issue_api_key
from tests.accounts.conftest import actions
from tests.accounts.saml.conftest import connect

ADMIN = "/admin/accounts/"


@pytest.fixture
def admin(client_for: Any, cast_a: Any, tenant_a: Any) -> Any:
    return client_for(cast_a.org_admin, tenant_a)


def test_an_administrator_enters_and_others_do_not(
    admin: Any, client_for: Any, anonymous_client: Any, cast_a: Any, tenant_a: Any
) -> None:
    assert admin.get("/admin/").status_code == 200
    assert admin.get("/admin/login/").status_code == 302
    assert anonymous_client(tenant_a).get("/admin/", follow=True).redirect_chain[-1][0] == "/sign-in/?next=%2Fadmin%2F"
    lead = client_for(cast_a.team_lead, tenant_a)
    assert lead.get("/admin/", follow=True).status_code == 403


@pytest.mark.parametrize("page", ["user/", "team/", "team/add/", "invitation/", "invitation/add/", "apikey/"])
def test_every_list_opens(admin: Any, cast_a: Any, page: str) -> None:
    issue_api_key(cast_a.analyst, name="K", scopes=[Capability.READ_DOCUMENTS], life_days=1)
    assert admin.get(ADMIN + page).status_code == 200


def test_role_and_access_are_changed_by_the_deeds(admin: Any, cast_a: Any) -> None:
    url = f"{ADMIN}user/{cast_a.analyst.pk}/change/"
    assert admin.get(url).status_code == 200
    assert admin.post(url, {"role": "viewer", "is_active": "on"}).status_code == 302
    assert User.objects.get(pk=cast_a.analyst.pk).role == "viewer"
    assert actions() == ["person.role_changed"]


def test_the_last_administrator_is_safe_here_too(admin: Any, cast_a: Any) -> None:
    answer = admin.post(
        f"{ADMIN}user/{cast_a.org_admin.pk}/change/", {"role": "viewer", "is_active": "on"}, follow=True
    )
    assert "last administrator" in answer.content.decode()
    assert User.objects.get(pk=cast_a.org_admin.pk).role == "org_admin"


def test_nobody_is_made_an_operator_here(admin: Any, cast_a: Any) -> None:
    admin.post(f"{ADMIN}user/{cast_a.analyst.pk}/change/", {"role": "system_admin", "is_active": "on"})
    assert User.objects.get(pk=cast_a.analyst.pk).role == "analyst"


def test_people_are_neither_added_nor_deleted_here(admin: Any, cast_a: Any) -> None:
    assert admin.get(f"{ADMIN}user/add/").status_code == 403
    assert admin.post(f"{ADMIN}user/{cast_a.viewer.pk}/delete/", {"post": "yes"}).status_code == 403
    assert User.objects.count() == 4


def test_an_invitation_made_here_is_mailed(admin: Any) -> None:
    assert (
        admin.post(f"{ADMIN}invitation/add/", {"email": "new@example.com", "name": "", "role": "viewer"}).status_code
        == 302
    )
    assert [message.to for message in mail.outbox] == [["new@example.com"]]
    invitation = Invitation.objects.get()
    assert admin.post(f"{ADMIN}invitation/{invitation.pk}/delete/", {"post": "yes"}).status_code == 302
    assert Invitation.objects.get().revoked_at is not None


def test_many_invitations_are_withdrawn_here_and_each_is_recorded(admin: Any) -> None:
    for name in ("one", "two"):
        admin.post(f"{ADMIN}invitation/add/", {"email": f"{name}@example.com", "name": "", "role": "viewer"})
    chosen = [str(key) for key in Invitation.objects.values_list("pk", flat=True)]
    said = {"action": "delete_selected", "_selected_action": chosen, "post": "yes"}
    assert admin.post(f"{ADMIN}invitation/", said).status_code == 302
    assert Invitation.objects.exclude(revoked_at=None).count() == 2
    assert actions()[-2:] == ["person.invitation_withdrawn"] * 2


def test_a_connection_is_only_switched_here_and_by_the_deed(
    admin: Any, client_for: Any, cast_a: Any, tenant_a: Any
) -> None:
    connection = connect("okta", entity_id="https://okta.example/").connection
    place = f"{ADMIN}ssoconnection/"
    assert admin.get(f"{place}{connection.pk}/change/").status_code == 200
    assert admin.post(f"{place}{connection.pk}/change/", {"name": "Other"}).status_code == 403
    assert admin.get(f"{place}add/").status_code == 403
    assert admin.post(f"{place}{connection.pk}/delete/", {"post": "yes"}).status_code == 403
    before = len(actions())
    for action, is_enabled in (("switch_off", False), ("switch_on", True), ("switch_on", True)):
        admin.post(place, {"action": action, "_selected_action": [str(connection.pk)]})
        assert SSOConnection.objects.get(pk=connection.pk).is_enabled is is_enabled
    assert actions()[before:] == ["sso.connection_changed"] * 2
    client = client_for(cast_a.team_lead, tenant_a)
    assert client.get(place).status_code in {302, 403}


def test_a_key_is_revoked_here_and_its_digest_is_not_shown(admin: Any, cast_a: Any) -> None:
    key = issue_api_key(cast_a.analyst, name="K", scopes=[Capability.READ_DOCUMENTS], life_days=1).key
    page = admin.get(f"{ADMIN}apikey/{key.pk}/change/").content.decode()
    assert key.prefix in page
    assert key.digest not in page
    admin.post(f"{ADMIN}apikey/", {"action": "revoke", "_selected_action": [str(key.pk)]})
    assert ApiKey.objects.get().revoked_at is not None


def test_a_team_is_made_here(admin: Any, cast_a: Any) -> None:
    rows = {
        "memberships-TOTAL_FORMS": "1",
        "memberships-INITIAL_FORMS": "0",
        "memberships-0-user": str(cast_a.analyst.pk),
    }
    assert admin.post(f"{ADMIN}team/add/", {"name": "Fraud", **rows}).status_code == 302
    assert list(Team.objects.get().members.all()) == [cast_a.analyst]
