"""The provisioning conversation as Microsoft Entra ID holds it: match, create, patch by filtered paths, values as strings, groups."""

from typing import Any

import pytest

from apps.accounts.models import SCIMGroup, User
from tests.accounts.scim.conftest import ENTERPRISE, GROUP, USER, Directory

OBJECT_ID = "58342554-38d6-4ec8-948c-50044d0a33fd"


def nils(**changes: Any) -> dict[str, Any]:
    """A person as Entra ID creates one."""
    return {
        "schemas": [USER, ENTERPRISE],
        "externalId": OBJECT_ID,
        "userName": "Nils@Example.com",
        "active": True,
        "emails": [{"primary": True, "type": "work", "value": "nils.nord@example.com"}],
        "meta": {"resourceType": "User"},
        "name": {"formatted": "Nils Nord", "familyName": "Nord", "givenName": "Nils"},
        "roles": [],
        f"{ENTERPRISE}": {"department": "Fraud"},
        **changes,
    }


@pytest.fixture
def nils_id(entra: Directory) -> str:
    made = entra.ask("POST", "/Users?aadOptscim062020", nils())
    assert made.status_code == 201, made.content
    return str(made.json()["id"])


def test_matching_ignores_case_and_finds_by_external_id(entra: Directory, nils_id: str) -> None:
    for expression in (
        'userName eq "nils@EXAMPLE.com"',
        f'externalId eq "{OBJECT_ID}"',
        'userName Eq "nils@example.com" and active eq true',
        'emails[type eq "work"].value eq "NILS.nord@example.com"',
        'name.familyName sw "no"',
        f'id eq "{nils_id}"',
        'userName ne "else" and externalId pr',
        'userName co "NILS" or displayName eq "x"',
        "not (active eq false)",
        'meta.created gt "2020-01-01T00:00:00Z"',
    ):
        assert [found["id"] for found in entra.find("Users", expression)] == [nils_id], expression
    for expression in (
        f'externalId eq "{OBJECT_ID.upper()}"',
        'userName eq "nils"',
        "not (userName pr)",
        'id eq "nonsense"',
        'emails[value eq "x"]',
        'meta.created lt "2020-01-01T00:00:00Z"',
        "displayName pr",
    ):
        assert entra.find("Users", expression) == [], expression


def test_a_disabled_person_comes_as_a_word(entra: Directory, nils_id: str) -> None:
    for word, is_active in (("False", False), ("True", True), ("false", False)):
        answer = entra.patch(f"/Users/{nils_id}", {"op": "Replace", "path": "active", "value": word})
        assert (answer.status_code, answer.json()["active"]) == (200, is_active)
        assert User.objects.get(pk=nils_id).is_active is is_active


def test_updates_come_by_filtered_paths_without_paths_and_with_what_we_do_not_keep(
    entra: Directory, nils_id: str
) -> None:
    answer = entra.patch(
        f"/Users/{nils_id}",
        {"op": "Replace", "path": 'emails[type eq "work"].value', "value": "n.nord@example.com"},
        {"op": "Add", "path": "name.familyName", "value": "Süd"},
        {"op": "Add", "path": f"{ENTERPRISE}:department", "value": "Theft"},
        {"op": "Replace", "value": {"displayName": "Nils Süd", "name.givenName": "Nils"}},
        {"op": "Add", "path": 'phoneNumbers[type eq "work"].value', "value": "+1"},
        {"op": "Remove", "path": "title"},
    )
    assert answer.status_code == 200, answer.content
    person = User.objects.get(pk=nils_id)
    assert (person.email, person.name) == ("n.nord@example.com", "Nils Süd")
    assert answer.json()["name"] == {"formatted": "Nils Nord", "familyName": "Süd", "givenName": "Nils"}
    assert "phoneNumbers" not in answer.json()


def test_an_address_is_added_where_there_was_none_of_that_kind(entra: Directory) -> None:
    made = entra.ask("POST", "/Users", nils(emails=[])).json()
    answer = entra.patch(
        f"/Users/{made['id']}", {"op": "Add", "path": 'emails[type eq "work"].value', "value": "n@example.com"}
    )
    assert answer.json()["emails"] == [{"type": "work", "value": "n@example.com"}]
    assert User.objects.get(pk=made["id"]).email == "n@example.com"


@pytest.mark.parametrize("path", ["members", None])
def test_adding_members_appends_and_removing_takes_only_those_named(
    entra: Directory, nils_id: str, path: str | None
) -> None:
    others = [
        entra.ask("POST", "/Users", nils(userName=f"p{number}@example.com", externalId=f"x{number}", emails=[])).json()[
            "id"
        ]
        for number in range(3)
    ]
    made = entra.ask(
        "POST",
        "/Groups",
        {"schemas": [GROUP], "externalId": "8aa1a0c0", "displayName": "Fraud", "meta": {"resourceType": "Group"}},
    )
    assert made.status_code == 201, made.content
    place = f"/Groups/{made.json()['id']}"

    def members() -> set[str]:
        return {member["value"] for member in entra.ask("GET", place).json().get("members", [])}

    def add(*people: str) -> dict[str, Any]:
        value = [{"value": person} for person in people]
        return {"op": "Add", "path": path, "value": value} if path else {"op": "Add", "value": {"members": value}}

    assert entra.patch(place, add(nils_id)).status_code == 200
    assert entra.patch(place, add(*others), add(nils_id)).status_code == 200
    assert members() == {nils_id, *others}
    assert "members" not in entra.ask("GET", f"{place}?excludedAttributes=members").json()
    gone = entra.patch(
        place, {"op": "Remove", "path": "members", "value": [{"value": others[0]}, {"value": OBJECT_ID}]}
    )
    assert gone.status_code == 200, gone.content
    assert members() == {nils_id, *others[1:]}
    assert entra.patch(place, {"op": "Remove", "path": f'members[value eq "{others[1]}"]'}).status_code == 200
    assert members() == {nils_id, others[2]}
    assert [g["displayName"] for g in entra.find("Groups", f'members eq "{nils_id}"')] == ["Fraud"]
    assert [g["displayName"] for g in entra.find("Groups", 'displayName eq "fraud" and externalId eq "8aa1a0c0"')] == [
        "Fraud"
    ]


def test_a_group_can_be_meant_by_its_object_id(connect_directory: Any) -> None:
    """Entra ID sends ids of groups at sign-in, names by SCIM: a rule may use either."""
    from apps.accounts.choices import ProviderPreset
    from apps.accounts.models import GroupRule

    entra = connect_directory(ProviderPreset.ENTRA, follows_groups=True)
    GroupRule.objects.create(connection=entra.connection, group="8aa1a0c0", role="analyst")
    person = entra.ask("POST", "/Users", nils()).json()["id"]
    entra.ask(
        "POST",
        "/Groups",
        {"schemas": [GROUP], "externalId": "8aa1a0c0", "displayName": "Fraud", "members": [{"value": person}]},
    )
    assert User.objects.get(pk=person).role == "analyst"
    assert SCIMGroup.objects.get().members.count() == 1
