"""The provisioning conversation as Okta holds it: look, create, replace, deactivate, push groups."""

from typing import Any

from apps.accounts.models import ExternalIdentity, GroupRule, SCIMGroup, Team, User
from apps.kernel.audit.models import AuditEntry
from tests.accounts.conftest import actions
from tests.accounts.scim.conftest import GROUP, Directory, lena


def test_a_person_comes_changes_leaves_and_comes_back(okta: Directory, client_for: Any, tenant_a: Any) -> None:
    assert okta.find("Users", 'userName eq "lena@example.com"') == []
    made = okta.ask("POST", "/Users", lena())
    assert made.status_code == 201, made.content
    assert made["Content-Type"] == "application/scim+json"
    body = made.json()
    assert made["Location"] == body["meta"]["location"] == f"http://alpha.localhost:8000/scim/v2/Users/{body['id']}"
    assert "password" not in body
    person = User.objects.get(pk=body["id"])
    assert (person.email, person.name, person.role) == ("lena@example.com", "Lena Lang", "viewer")
    assert not person.has_usable_password()
    place = f"/Users/{body['id']}"
    assert okta.ask("GET", place).json() == body

    replaced = okta.ask(
        "PUT", place, {**body, "name": {"givenName": "Lena", "familyName": "Kurz"}, "displayName": "Lena Kurz"}
    )
    assert replaced.status_code == 200, replaced.content
    person.refresh_from_db()
    assert person.name == "Lena Kurz"

    browser = client_for(person, tenant_a)
    assert browser.get("/profile/").status_code == 200
    gone = okta.patch(place, {"op": "replace", "value": {"active": False}})
    assert gone.status_code == 200, gone.content
    assert gone.json()["active"] is False
    assert browser.get("/profile/").status_code == 302, "out at the very next request"
    assert okta.find("Users", 'userName eq "lena@example.com"')[0]["active"] is False

    assert okta.patch(place, {"op": "replace", "value": {"active": True}}).json()["active"] is True
    assert browser.get("/profile/").status_code == 302, "the session of before stays dead"
    mine = [name for name in actions() if name.startswith("person.")]
    assert mine == ["person.provisioned", "person.provisioning_changed", "person.deprovisioned", "person.reprovisioned"]
    assert set(AuditEntry.objects.filter(action__in=mine).values_list("actor_id", "detail__connection")) == {
        (None, "Okta")
    }


def test_creating_somebody_twice_is_a_conflict_and_changes_nothing(okta: Directory) -> None:
    assert okta.ask("POST", "/Users", lena()).status_code == 201
    for again in (lena(), lena(userName="LENA@example.com", externalId="other"), lena(userName="l2@example.com")):
        answer = okta.ask("POST", "/Users", again)
        assert (answer.status_code, answer.json()["scimType"], answer.json()["status"]) == (409, "uniqueness", "409")
    assert User.objects.filter(email_key="lena@example.com").count() == 1


def test_pushed_groups_give_and_take_roles_and_teams_by_the_rules(
    connect_directory: Any, client_for: Any, tenant_a: Any
) -> None:
    okta = connect_directory(follows_groups=True)
    fraud = Team.objects.create(name="Fraud")
    GroupRule.objects.create(connection=okta.connection, group="prism-leads", role="team_lead")
    GroupRule.objects.create(connection=okta.connection, group="prism-leads", team=fraud)
    lena_id = okta.ask("POST", "/Users", lena()).json()["id"]
    assert okta.find("Groups", 'displayName eq "prism-leads"') == []
    made = okta.ask("POST", "/Groups", {"schemas": [GROUP], "displayName": "prism-leads", "members": []})
    assert made.status_code == 201, made.content
    place = f"/Groups/{made.json()['id']}"
    person = User.objects.get(pk=lena_id)
    browser = client_for(person, tenant_a)
    added = okta.patch(
        place, {"op": "add", "path": "members", "value": [{"value": lena_id, "display": "lena@example.com"}]}
    )
    assert added.status_code == 200, added.content
    person.refresh_from_db()
    assert (person.role, [team.name for team in person.teams.all()]) == ("team_lead", ["Fraud"])
    assert browser.get("/profile/").status_code == 302, "what was open with the old role is over"
    assert okta.ask("GET", f"/Users/{lena_id}").json()["groups"] == [
        {"value": made.json()["id"], "display": "prism-leads"}
    ]

    renamed = okta.patch(place, {"op": "replace", "value": {"id": made.json()["id"], "displayName": "others"}})
    assert renamed.status_code == 200, renamed.content
    person.refresh_from_db()
    assert (person.role, person.teams.count()) == ("viewer", 0)
    okta.ask("PUT", place, {"schemas": [GROUP], "displayName": "prism-leads", "members": [{"value": lena_id}]})
    person.refresh_from_db()
    assert person.role == "team_lead"
    assert okta.ask("DELETE", place).status_code == 204
    person.refresh_from_db()
    assert (person.role, person.is_active, SCIMGroup.objects.count()) == ("viewer", True, 0)


def test_whoever_is_removed_is_deactivated_unknown_and_can_be_sent_again(okta: Directory) -> None:
    first = okta.ask("POST", "/Users", lena()).json()["id"]
    assert okta.ask("DELETE", f"/Users/{first}").status_code == 204
    assert okta.ask("GET", f"/Users/{first}").status_code == 404
    assert okta.ask("DELETE", f"/Users/{first}").status_code == 404
    assert okta.find("Users", 'userName eq "lena@example.com"') == []
    person = User.objects.get(pk=first)
    assert not person.is_active
    assert not ExternalIdentity.objects.filter(person=person).exists()
    again = okta.ask("POST", "/Users", lena())
    assert (again.status_code, again.json()["id"], again.json()["active"]) == (201, first, True)
