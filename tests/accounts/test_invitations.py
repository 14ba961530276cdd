"""Invitations that wait: found, sent again, withdrawn, also when there are very many and when their link has ended."""

from datetime import timedelta
from typing import Any

import pytest

from apps.accounts.capabilities import RoleName
from apps.accounts.models import Invitation, Team
from apps.accounts.services.invite import invite_person
from apps.kernel.clock import now
from apps.kernel.tenancy.context import inside
from tests.accounts.conftest import actions, mailed_path

NEW = "new@example.com"
PAGE = "/people/invitations/"
JOIN = {"name": "New", "password": "nine quiet lanterns at dusk", "again": "nine quiet lanterns at dusk"}


@pytest.fixture
def admin(client_for: Any, cast_a: Any, tenant_a: Any) -> Any:
    return client_for(cast_a.org_admin, tenant_a)


@pytest.fixture
def invitation(admin: Any) -> Invitation:
    team = Team.objects.create(name="Fraud")
    admin.post("/people/", {"email": NEW, "role": "team_lead", "name": "Ann", "team": str(team.pk)})
    return Invitation.objects.get()


@pytest.mark.parametrize("way", ["page", "api"])
def test_a_new_link_has_the_same_role_and_team_and_ends_the_old_one(
    admin: Any, anonymous_client: Any, tenant_a: Any, invitation: Invitation, way: str
) -> None:
    old = mailed_path(NEW)
    if way == "page":
        answer = admin.post(f"{PAGE}{invitation.pk}/resend/", follow=True)
        assert f"A new link is on its way to {NEW}" in answer.content.decode()
    else:
        answer = admin.post(f"/api/v2/invitations/{invitation.pk}/resend/")
        assert (answer.status_code, answer.json()["role"]) == (201, "team_lead")
        assert admin.get(answer["Location"]).status_code == 200
    new = mailed_path(NEW)
    guest = anonymous_client(tenant_a)
    assert guest.post(old, JOIN).status_code == 400
    assert guest.post(new, JOIN).status_code == 302
    assert list(Team.objects.get().members.values_list("email", "role")) == [(NEW, "team_lead")]
    assert actions()[:2] == ["person.invited", "person.invited"]


def test_one_whose_link_has_ended_is_shown_and_can_be_sent_again(
    admin: Any, anonymous_client: Any, tenant_a: Any, invitation: Invitation
) -> None:
    Invitation.objects.update(expires_at=now() - timedelta(seconds=1))
    for page in ("/people/", PAGE):
        assert "the link has ended" in admin.get(page).content.decode()
    assert admin.post(f"{PAGE}{invitation.pk}/resend/").status_code == 302
    assert anonymous_client(tenant_a).post(mailed_path(NEW), JOIN).status_code == 302


def test_what_is_over_cannot_be_sent_again(
    admin: Any, anonymous_client: Any, tenant_a: Any, invitation: Invitation
) -> None:
    admin.post(f"{PAGE}{invitation.pk}/resend/")
    assert admin.post(f"{PAGE}{invitation.pk}/resend/").status_code == 404
    newest = Invitation.objects.get(revoked_at=None)
    anonymous_client(tenant_a).post(mailed_path(NEW), JOIN)
    assert admin.post(f"{PAGE}{newest.pk}/resend/").status_code == 404
    assert admin.post(f"/api/v2/invitations/{newest.pk}/resend/").status_code == 404
    assert "Nobody is waiting" in admin.get(PAGE).content.decode()


def test_a_thousand_that_wait_come_in_pages_and_are_found(
    admin: Any, cast_a: Any, django_assert_max_num_queries: Any
) -> None:
    end = now() + timedelta(days=7)
    Invitation.objects.bulk_create(
        Invitation(email=f"p{n}@example.com", email_key=f"p{n}@example.com", role="viewer", expires_at=end)
        for n in range(1000)
    )
    people = admin.get("/people/").content.decode()
    assert "All 1000 invitations that wait" in people
    assert people.count("/resend/") == 5
    with django_assert_max_num_queries(12):
        page = admin.get(PAGE).content.decode()
    assert "Page 1 of 20" in page
    assert page.count("/resend/") == 50
    assert "p777@example.com" in admin.get(PAGE, {"q": "P777"}).content.decode()


@pytest.mark.parametrize("role", ["viewer", "analyst", "team_lead"])
def test_invitations_are_for_administrators(
    client_for: Any, admin: Any, cast_a: Any, tenant_a: Any, invitation: Invitation, role: str
) -> None:
    client = client_for(getattr(cast_a, role), tenant_a)
    answers = [client.get(PAGE), client.post(f"{PAGE}{invitation.pk}/resend/")]
    answers += [client.post(f"/api/v2/invitations/{invitation.pk}/resend/")]
    assert {answer.status_code for answer in answers} == {403}
    assert Invitation.objects.count() == 1
    assert admin.post(f"{PAGE}{invitation.pk}/resend/").status_code == 302


def test_one_of_another_organization_is_nowhere(admin: Any, cast_b: Any, tenant_b: Any, invitation: Invitation) -> None:
    with inside(tenant_b):
        foreign = invite_person(cast_b.org_admin, email="x@b.example", role=RoleName.VIEWER)
    assert admin.post(f"{PAGE}{foreign.pk}/resend/").status_code == 404
    assert admin.post(f"/api/v2/invitations/{foreign.pk}/resend/").status_code == 404
    assert admin.post(f"/api/v2/invitations/{invitation.pk}/resend/").status_code == 201
