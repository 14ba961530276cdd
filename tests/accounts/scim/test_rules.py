"""What a directory may and may not do to people: proven domains, administrators, the last of them, and what an administrator decided."""

from typing import Any
from uuid import UUID

import pytest

from apps.accounts.capabilities import RoleName
from apps.accounts.choices import SubjectSource
from apps.accounts.errors import NotAdmittedError
from apps.accounts.models import ExternalIdentity, GroupRule, SCIMPerson, User, VerifiedDomain
from apps.accounts.services.admit_from_sso import admit_from_sso
from apps.accounts.services.deactivate import deactivate_person
from apps.accounts.services.reactivate import reactivate_person
from apps.accounts.services.scim_access import choose_subject_source
from apps.accounts.sso.claims import Claims
from tests.accounts.conftest import actions
from tests.accounts.scim.conftest import ERROR, GROUP, Directory, lena


def refusal(answer: Any) -> tuple[int, str]:
    body = answer.json()
    assert body["schemas"] == [ERROR]
    assert answer["Content-Type"] == "application/scim+json"
    assert body["status"] == str(answer.status_code)
    return answer.status_code, body.get("scimType", "")


@pytest.mark.parametrize(
    "changes",
    [
        {"emails": [{"value": "lena@other.example", "primary": True}]},
        {"emails": [{"value": "lena@sub.example.com"}]},
        {"emails": [{"value": "no address"}]},
        {"emails": [{"value": "a\nb@example.com"}]},
        {"emails": [], "userName": "lena"},
    ],
)
def test_an_address_outside_the_proven_domains_makes_no_account(okta: Directory, changes: dict[str, Any]) -> None:
    people = User.objects.count()
    assert refusal(okta.ask("POST", "/Users", lena(**changes))) == (400, "invalidValue")
    assert User.objects.count() == people
    made = okta.ask("POST", "/Users", lena())
    assert made.status_code == 201
    moved = okta.patch(f"/Users/{made.json()['id']}", {"op": "replace", "path": "emails", "value": changes["emails"]})
    if changes["emails"]:
        assert refusal(moved) == (400, "invalidValue")
    assert User.objects.get(pk=made.json()["id"]).email == "lena@example.com"


def test_a_domain_that_is_only_claimed_is_not_proven(okta: Directory) -> None:
    VerifiedDomain.objects.update(verified_at=None)
    assert refusal(okta.ask("POST", "/Users", lena())) == (400, "invalidValue")


def test_an_address_that_somebody_else_has_is_not_taken_from_them(okta: Directory, cast_a: Any) -> None:
    made = okta.ask("POST", "/Users", lena()).json()
    answer = okta.patch(
        f"/Users/{made['id']}", {"op": "replace", "path": "emails", "value": [{"value": "Viewer@example.com"}]}
    )
    assert refusal(answer) == (409, "uniqueness")
    assert User.objects.get(pk=cast_a.viewer.pk).email == cast_a.viewer.email


def test_who_has_an_account_keeps_it_with_role_and_password(okta: Directory, cast_a: Any) -> None:
    made = okta.ask("POST", "/Users", lena(userName=cast_a.analyst.email, emails=[]))
    assert (made.status_code, made.json()["id"]) == (201, str(cast_a.analyst.pk))
    person = User.objects.get(pk=cast_a.analyst.pk)
    assert (person.role, person.has_usable_password(), person.name) == ("analyst", True, "Lena Lang")
    assert actions()[-1] == "person.provisioning_begun"


def test_sign_in_finds_the_provisioned_person_by_the_name_that_was_chosen(okta: Directory, cast_a: Any) -> None:
    made = okta.ask("POST", "/Users", lena()).json()["id"]
    by_name, by_id = Claims(subject="lena@example.com"), Claims(subject="00ujl29u0le5T6Aj10h7")
    assert str(admit_from_sso(okta.connection, by_name).pk) == made
    with pytest.raises(NotAdmittedError):
        admit_from_sso(okta.connection, by_id)
    choose_subject_source(cast_a.org_admin, connection_id=okta.connection.pk, source=SubjectSource.EXTERNAL_ID)
    assert str(admit_from_sso(okta.connection, by_id).pk) == made
    with pytest.raises(NotAdmittedError):
        admit_from_sso(okta.connection, by_name)
    assert actions().count("scim.subject_changed") == 1
    choose_subject_source(cast_a.org_admin, connection_id=okta.connection.pk, source=SubjectSource.EXTERNAL_ID)
    assert actions().count("scim.subject_changed") == 1
    okta.patch(f"/Users/{made}", {"op": "replace", "path": "externalId", "value": "new"})
    assert str(admit_from_sso(okta.connection, Claims(subject="new")).pk) == made


def test_a_renamed_person_is_found_by_the_new_name_alone(okta: Directory) -> None:
    made = okta.ask("POST", "/Users", lena()).json()["id"]
    okta.patch(f"/Users/{made}", {"op": "replace", "value": {"userName": "lena.kurz@example.com"}})
    assert list(ExternalIdentity.objects.values_list("subject", flat=True)) == ["lena.kurz@example.com"]


def test_who_has_signed_in_as_somebody_is_not_made_somebody_else_by_an_address(okta: Directory, cast_a: Any) -> None:
    admit_from_sso(okta.connection, Claims(subject="another", email=cast_a.analyst.email))
    answer = okta.ask("POST", "/Users", lena(userName=cast_a.analyst.email, emails=[]))
    assert refusal(answer) == (409, "uniqueness")
    answer = okta.ask("POST", "/Users", lena(userName="another", emails=[{"value": cast_a.analyst.email}]))
    assert (answer.status_code, answer.json()["id"]) == (201, str(cast_a.analyst.pk))


def test_a_name_at_sign_in_that_is_somebody_elses_is_refused(okta: Directory, cast_a: Any) -> None:
    admit_from_sso(okta.connection, Claims(subject="taken", email=cast_a.analyst.email))
    made = okta.ask("POST", "/Users", lena()).json()["id"]
    answer = okta.patch(f"/Users/{made}", {"op": "replace", "path": "userName", "value": "taken"})
    assert refusal(answer) == (409, "uniqueness")
    assert SCIMPerson.objects.get(person=made).user_name == "lena@example.com", "all of it, or nothing"


def test_administrators_keep_their_role_and_the_last_one_their_access(connect_directory: Any, cast_a: Any) -> None:
    okta = connect_directory(follows_groups=True)
    GroupRule.objects.create(connection=okta.connection, group="everyone", role="viewer")
    admin = okta.ask("POST", "/Users", lena(userName=cast_a.org_admin.email, emails=[])).json()["id"]
    assert admin == str(cast_a.org_admin.pk)
    okta.ask("POST", "/Groups", {"schemas": [GROUP], "displayName": "everyone", "members": [{"value": admin}]})
    assert User.objects.get(pk=admin).role == "org_admin"
    for answer in (
        okta.patch(f"/Users/{admin}", {"op": "replace", "value": {"active": False}}),
        okta.ask("PUT", f"/Users/{admin}", lena(userName=cast_a.org_admin.email, active=False)),
        okta.ask("DELETE", f"/Users/{admin}"),
    ):
        assert refusal(answer) == (409, "")
        assert "last administrator" in answer.json()["detail"]
        assert User.objects.get(pk=admin).is_active
    User.objects.create_person("second@example.com", name="Second", role=RoleName.ORG_ADMIN)
    assert okta.patch(f"/Users/{admin}", {"op": "replace", "value": {"active": False}}).status_code == 200
    assert not User.objects.get(pk=admin).is_active


def test_whom_an_administrator_sent_away_no_directory_lets_in(okta: Directory, cast_a: Any) -> None:
    made = UUID(okta.ask("POST", "/Users", lena()).json()["id"])
    deactivate_person(cast_a.org_admin, person_id=made)
    assert okta.ask("GET", f"/Users/{made}").json()["active"] is False
    assert refusal(okta.patch(f"/Users/{made}", {"op": "replace", "path": "active", "value": True})) == (409, "")
    deactivate_person(cast_a.org_admin, person_id=cast_a.viewer.pk)
    assert refusal(okta.ask("POST", "/Users", lena(userName=cast_a.viewer.email, emails=[], externalId="v"))) == (
        409,
        "",
    )
    reactivate_person(cast_a.org_admin, person_id=made)
    okta.patch(f"/Users/{made}", {"op": "replace", "path": "active", "value": False})
    assert okta.patch(f"/Users/{made}", {"op": "replace", "path": "active", "value": True}).json()["active"] is True
    okta.patch(f"/Users/{made}", {"op": "replace", "path": "active", "value": False})
    for deed in (reactivate_person, deactivate_person):
        deed(cast_a.org_admin, person_id=made)
    assert refusal(okta.patch(f"/Users/{made}", {"op": "replace", "path": "active", "value": True})) == (409, "")


def test_an_operators_account_is_not_a_directorys(okta: Directory, operator: Any) -> None:
    answer = okta.ask("POST", "/Users", lena(userName=operator.email, emails=[]))
    assert refusal(answer) == (409, "mutability")
    made = okta.ask("POST", "/Users", lena()).json()["id"]
    User.objects.filter(pk=made).update(role=RoleName.SYSTEM_ADMIN)
    for answer in (
        okta.patch(f"/Users/{made}", {"op": "replace", "path": "active", "value": False}),
        okta.ask("DELETE", f"/Users/{made}"),
    ):
        assert refusal(answer) == (409, "mutability")
    assert User.objects.get(pk=made).is_active


def test_a_person_can_come_without_access(okta: Directory) -> None:
    made = okta.ask("POST", "/Users", lena(active=False)).json()
    assert made["active"] is False
    assert not User.objects.get(pk=made["id"]).is_active
    assert (
        okta.patch(f"/Users/{made['id']}", {"op": "replace", "path": "active", "value": True}).json()["active"] is True
    )


def test_groups_count_only_where_the_connection_follows_them(okta: Directory) -> None:
    GroupRule.objects.create(connection=okta.connection, group="prism", role="analyst")
    made = okta.ask("POST", "/Users", lena()).json()["id"]
    okta.ask("POST", "/Groups", {"schemas": [GROUP], "displayName": "prism", "members": [{"value": made}]})
    assert User.objects.get(pk=made).role == "viewer"
    okta.connection.follows_groups = True
    okta.connection.save()
    assert admit_from_sso(okta.connection, Claims(subject="lena@example.com", groups=frozenset())).role == "analyst"
    okta.connection.admits_new_people = True
    admitted = admit_from_sso(
        okta.connection, Claims(subject="n", email="new@example.com", groups=frozenset({"prism"}))
    )
    assert admitted.role == "viewer", "once groups are provisioned, those claimed at sign-in do not count"


def test_members_are_people_of_the_same_directory(connect_directory: Any, okta: Directory, cast_a: Any) -> None:
    from apps.accounts.choices import ProviderPreset

    entra = connect_directory(ProviderPreset.ENTRA)
    theirs = entra.ask("POST", "/Users", lena()).json()["id"]
    own = okta.ask("POST", "/Users", lena(userName="own@example.com", emails=[])).json()["id"]
    for stranger in (theirs, str(cast_a.viewer.pk), "01a00000-0000-7000-8000-00000000dead"):
        group = {"schemas": [GROUP], "displayName": "g", "members": [{"value": own}, {"value": stranger}]}
        assert refusal(okta.ask("POST", "/Groups", group)) == (400, "invalidValue")
    assert okta.ask("GET", f"/Users/{theirs}").status_code == 404
    assert (
        okta.ask("POST", "/Groups", {"schemas": [GROUP], "displayName": "g", "members": [{"value": own}]}).status_code
        == 201
    )
    assert refusal(okta.ask("POST", "/Groups", {"schemas": [GROUP], "displayName": "g"})) == (409, "uniqueness")
    assert entra.find("Groups", 'displayName eq "g"') == []


def test_a_request_moves_a_bounded_number_of_members(okta: Directory, monkeypatch: Any) -> None:
    from apps.accounts.services import provision_groups

    monkeypatch.setattr(provision_groups, "MOST_MEMBERS", 1)
    people = [
        okta.ask("POST", "/Users", lena(userName=f"{n}@example.com", emails=[], externalId=n)).json()["id"]
        for n in "ab"
    ]
    group = {"schemas": [GROUP], "displayName": "g", "members": [{"value": key} for key in people]}
    assert refusal(okta.ask("POST", "/Groups", group)) == (400, "invalidValue")
    group["members"] = group["members"][:1]
    assert okta.ask("POST", "/Groups", group).status_code == 201


def test_a_second_person_with_the_address_of_a_first_is_a_conflict(okta: Directory) -> None:
    okta.ask("POST", "/Users", lena())
    answer = okta.ask("POST", "/Users", lena(userName="other", externalId="other"))
    assert refusal(answer) == (409, "uniqueness")
    assert SCIMPerson.objects.count() == 1


def test_until_the_directory_has_said_the_name_the_first_sign_in_finds_by_address(okta: Directory, cast_a: Any) -> None:
    choose_subject_source(cast_a.org_admin, connection_id=okta.connection.pk, source=SubjectSource.EXTERNAL_ID)
    made = okta.ask("POST", "/Users", {**lena(), "externalId": None}).json()["id"]
    assert not ExternalIdentity.objects.exists()
    assert str(admit_from_sso(okta.connection, Claims(subject="00u", email="lena@example.com")).pk) == made
