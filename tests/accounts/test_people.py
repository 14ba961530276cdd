"""The people page and the people API."""

from typing import Any

import pytest
from django.core import mail

from apps.accounts.capabilities import RoleName
from apps.accounts.models import Invitation, User
from apps.accounts.selectors import people_visible_to, person_by_email, person_for
from apps.kernel.errors import NotFoundError
from apps.kernel.tenancy.context import inside

PEOPLE = "/api/v2/people/"


@pytest.fixture
def admin(client_for: Any, cast_a: Any, tenant_a: Any) -> Any:
    return client_for(cast_a.org_admin, tenant_a)


def test_the_page_lists_everybody_and_who_is_invited(admin: Any) -> None:
    admin.post("/people/", {"email": "new@example.com", "role": "viewer", "name": ""})
    page = admin.get("/people/").content.decode()
    assert all(f"{role}@example.com" in page for role in ("viewer", "analyst", "team_lead", "org_admin", "new"))


def test_the_page_asks_as_often_for_many_people_as_for_few(admin: Any, django_assert_max_num_queries: Any) -> None:
    admin.get("/people/")
    for number in range(40):
        User.objects.create_person(f"p{number}@example.com", name=f"P {number}", role=RoleName.VIEWER)
    with django_assert_max_num_queries(16):
        assert admin.get("/people/").status_code == 200


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "LYST"}, {"analyst"}),
        ({"role": "team_lead"}, {"team_lead"}),
        ({"state": "inactive"}, {"viewer"}),
        ({"state": "active", "q": "n"}, {"analyst", "org_admin"}),
        ({"role": "nonsense"}, {"viewer", "analyst", "team_lead", "org_admin"}),
    ],
)
def test_the_list_is_filtered(admin: Any, cast_a: Any, query: dict[str, str], found: set[str]) -> None:
    User.objects.filter(pk=cast_a.viewer.pk).update(is_active=False)
    User.objects.filter(pk=cast_a.team_lead.pk).update(name="Lead", email="lead@x.test")
    part = admin.get("/people/", query, HTTP_HX_REQUEST="true")
    shown = part.content.decode()
    emails = {
        "viewer": "viewer@example.com",
        "analyst": "analyst@example.com",
        "team_lead": "lead@x.test",
        "org_admin": "org_admin@example.com",
    }
    assert {role for role, email in emails.items() if email in shown} == found
    assert "<html" not in shown


def test_an_empty_list_says_what_to_do(admin: Any) -> None:
    page = admin.get("/people/", {"q": "nobody like that"}).content.decode()
    assert "Nobody fits this filter" in page
    assert "Show everybody" in page


def test_long_lists_come_in_pages(admin: Any) -> None:
    for number in range(60):
        User.objects.create_person(f"p{number:02}@example.com", name=f"A {number:02}", role=RoleName.VIEWER)
    assert "p59@example.com" not in admin.get("/people/").content.decode()
    assert "p59@example.com" in admin.get("/people/", {"page": "2"}).content.decode()


def test_the_menu_shows_people_to_administrators_alone(cast_a: Any) -> None:
    from apps.kernel import navigation

    entry = next(entry for entry in navigation._entries if entry.url_name == "accounts:people")
    assert [entry.is_for(person) for person in cast_a.everyone] == [False, False, False, True]


def test_others_see_only_themselves(cast_a: Any) -> None:
    assert set(people_visible_to(cast_a.viewer)) == {cast_a.viewer}
    assert people_visible_to(cast_a.org_admin).count() == 4
    assert person_for(cast_a.viewer, cast_a.viewer.pk) == cast_a.viewer
    with pytest.raises(NotFoundError):
        person_for(cast_a.viewer, cast_a.analyst.pk)
    assert person_by_email("nobody@example.com") is None


def test_me_says_who_is_calling(client_for: Any, cast_a: Any, tenant_a: Any) -> None:
    body = client_for(cast_a.viewer, tenant_a).get("/api/v2/me/").json()
    assert (body["email"], body["role"], body["capabilities"]) == ("viewer@example.com", "viewer", ["read_documents"])
    assert body["organization"] == {"slug": "alpha", "name": "Alpha Investigations"}


def test_me_changes_preferences_and_nothing_else(client_for: Any, cast_a: Any, tenant_a: Any) -> None:
    client = client_for(cast_a.viewer, tenant_a)
    refused = client.patch(
        "/api/v2/me/", {"time_zone": "Asia/Tokyo", "role": "org_admin"}, content_type="application/json"
    )
    assert (refused.status_code, refused.json()["errors"]) == (400, [{"pointer": "/role", "detail": "unknown field"}])
    body = client.patch("/api/v2/me/", {"time_zone": "Asia/Tokyo"}, content_type="application/json").json()
    assert (body["time_zone"], body["role"]) == ("Asia/Tokyo", "viewer")
    wrong = client.patch("/api/v2/me/", {"time_zone": "Mars/Base"}, content_type="application/json")
    assert (wrong.status_code, wrong.json()["code"]) == (400, "invalid_preference")


def test_nobody_is_told_anything_without_signing_in(anonymous_client: Any, tenant_a: Any) -> None:
    answer = anonymous_client(tenant_a).get("/api/v2/me/")
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"


def test_the_api_lists_filters_and_pages_people(admin: Any) -> None:
    first = admin.get(PEOPLE, {"limit": 3}).json()
    rest = admin.get(first["next"]).json()
    assert len(first["results"]) == 3
    assert {person["role"] for person in first["results"] + rest["results"]} == {
        "viewer",
        "analyst",
        "team_lead",
        "org_admin",
    }
    assert [person["role"] for person in admin.get(PEOPLE, {"role": "viewer"}).json()["results"]] == ["viewer"]
    assert admin.get(PEOPLE, {"owner__password__startswith": "a"}).status_code == 400
    assert not {"password", "session_epoch", "email_key"} & set(first["results"][0])


def test_the_api_invites_once_for_one_key(admin: Any) -> None:
    body = {"email": "new@example.com", "role": "analyst"}
    answers = [
        admin.post(PEOPLE, body, content_type="application/json", headers={"Idempotency-Key": "key-1"})
        for _ in range(2)
    ]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert len(mail.outbox) == 1
    (listed,) = admin.get("/api/v2/invitations/").json()["results"]
    assert listed["id"] == answers[0].json()["id"]
    assert admin.delete(f"/api/v2/invitations/{listed['id']}/").status_code == 204
    assert Invitation.objects.get().revoked_at is not None


def test_the_api_changes_role_and_access_together_or_not_at_all(admin: Any, cast_a: Any) -> None:
    url = f"{PEOPLE}{cast_a.analyst.pk}/"
    body = admin.patch(url, {"role": "team_lead", "is_active": False}, content_type="application/json").json()
    assert (body["role"], body["is_active"]) == ("team_lead", False)
    assert admin.patch(url, {"is_active": True}, content_type="application/json").json()["is_active"] is True
    assert admin.get(url).json()["role"] == "team_lead"
    mine = f"{PEOPLE}{cast_a.org_admin.pk}/"
    refused = admin.patch(mine, {"role": "org_admin", "is_active": False}, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (409, "last_administrator")


@pytest.mark.parametrize("role", ["viewer", "analyst", "team_lead"])
def test_the_people_api_is_for_administrators(client_for: Any, cast_a: Any, tenant_a: Any, role: str) -> None:
    client = client_for(getattr(cast_a, role), tenant_a)
    url = f"{PEOPLE}{cast_a.viewer.pk}/"
    body = {"email": "new@example.com", "role": "viewer"}
    answers = [client.get(PEOPLE), client.post(PEOPLE, body, content_type="application/json"), client.get(url)]
    answers += [
        client.patch(url, {"role": "org_admin"}, content_type="application/json"),
        client.get("/api/v2/invitations/"),
    ]
    assert {answer.status_code for answer in answers} == {403}


def test_a_stranger_and_nobody_look_the_same(admin: Any, tenant_b: Any) -> None:
    with inside(tenant_b):
        stranger = User.objects.create_person("only@b.example", name="Only B", role=RoleName.VIEWER)
    answers = [
        admin.get(f"{PEOPLE}{person_id}/") for person_id in (stranger.pk, "0190c000-0000-7000-8000-0000000000ff")
    ]
    assert {answer.status_code for answer in answers} == {404}
    bodies = [{name: value for name, value in answer.json().items() if name != "request_id"} for answer in answers]
    assert bodies[0] == bodies[1]
