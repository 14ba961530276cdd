"""Teams: made, renamed, removed; people in and out. By page, by program and in the administration, with the same deeds."""

from typing import Any

import pytest

from apps.accounts.capabilities import RoleName
from apps.accounts.models import Membership, Team, User
from apps.kernel.tenancy.context import inside
from tests.accounts.conftest import actions, mailed_path

PAGE = "/people/teams/"
API = "/api/v2/teams/"


@pytest.fixture
def admin(client_for: Any, cast_a: Any, tenant_a: Any) -> Any:
    return client_for(cast_a.org_admin, tenant_a)


@pytest.fixture
def team(admin: Any) -> Team:
    admin.post(PAGE, {"name": "Fraud"})
    return Team.objects.get()


def members(team: Team) -> set[str]:
    return set(team.members.values_list("email", flat=True))


def test_a_team_is_made_renamed_and_removed(admin: Any) -> None:
    answer = admin.post(PAGE, {"name": "  Fraud   and abuse "})
    team = Team.objects.get()
    assert answer["Location"] == f"{PAGE}{team.pk}/"
    assert team.name == "Fraud and abuse"
    assert admin.post(f"{PAGE}{team.pk}/", {"name": "Fraud"}).status_code == 302
    assert admin.post(f"{PAGE}{team.pk}/", {"name": "FRAUD"}).status_code == 302
    assert "FRAUD" in admin.get(PAGE).content.decode()
    assert admin.post(f"{PAGE}{team.pk}/remove/").status_code == 302
    assert not Team.objects.exists()
    assert actions() == ["team.made", "team.renamed", "team.renamed", "team.removed"]


@pytest.mark.parametrize(
    ("name", "status"), [("", 400), ("x" * 101, 400), (" fraud ", 409), ("a\u202eb", 400), ("Other", 302)]
)
def test_a_name_fits_and_is_the_only_one_of_its_kind(admin: Any, team: Team, name: str, status: int) -> None:
    assert admin.post(PAGE, {"name": name}).status_code == status
    other = Team.objects.create(name="Second")
    assert admin.post(f"{PAGE}{other.pk}/", {"name": name}).status_code == (409 if name == "Other" else status)
    assert Team.objects.filter(name="Fraud").count() == 1


def test_people_come_into_a_team_and_out_of_it(admin: Any, cast_a: Any, team: Team) -> None:
    for _ in range(2):
        assert admin.post(f"{PAGE}{team.pk}/add/", {"member": "ANALYST@example.com"}).status_code == 302
    assert members(team) == {"analyst@example.com"}
    page = admin.get(f"{PAGE}{team.pk}/").content.decode()
    assert "analyst@example.com" in page
    membership = Membership.objects.get()
    assert admin.post(f"{PAGE}members/{membership.pk}/remove/").status_code == 302
    assert members(team) == set()
    assert admin.post(f"{PAGE}members/{membership.pk}/remove/").status_code == 404
    assert actions() == ["team.made", "team.member_added", "team.member_removed"]
    refused = admin.post(f"{PAGE}{team.pk}/add/", {"member": "nobody@example.com"})
    assert refused.status_code == 400
    assert "There is no account with this e-mail address." in refused.content.decode()


def test_members_are_found_by_name_and_come_in_pages(
    admin: Any, team: Team, django_assert_max_num_queries: Any
) -> None:
    for number in range(60):
        person = User.objects.create_person(f"p{number:02}@example.com", name=f"P {number:02}", role=RoleName.VIEWER)
        Membership.objects.create(team=team, user=person)
    first = admin.get(f"{PAGE}{team.pk}/").content.decode()
    assert "Page 1 of 2" in first
    found = admin.get(f"{PAGE}{team.pk}/", {"q": "P 07"}).content.decode()
    assert "1 person<" in found
    assert "p07@example.com" in found.split('id="others"')[1].split("</datalist>")[1]
    with django_assert_max_num_queries(14):
        admin.get(f"{PAGE}{team.pk}/")


def test_a_persons_teams_stand_on_the_list_and_on_their_profile(
    admin: Any, client_for: Any, cast_a: Any, tenant_a: Any, team: Team
) -> None:
    Membership.objects.create(team=team, user=cast_a.analyst)
    assert "Fraud" in client_for(cast_a.analyst, tenant_a).get("/profile/").content.decode()
    assert "Fraud" not in client_for(cast_a.viewer, tenant_a).get("/profile/").content.decode()
    shown = admin.get("/people/", {"team": str(team.pk)}, HTTP_HX_REQUEST="true").content.decode()
    assert "analyst@example.com" in shown
    assert f'href="{PAGE}{team.pk}/"' in shown
    assert "viewer@example.com" not in shown


def test_who_is_invited_into_a_team_is_in_it_from_the_first_day(
    admin: Any, anonymous_client: Any, tenant_a: Any, team: Team
) -> None:
    said = {"email": "new@example.com", "role": "viewer", "name": "", "team": str(team.pk)}
    assert admin.post("/people/", said).status_code == 302
    password = "nine quiet lanterns at dusk"
    join = {"name": "New", "password": password, "again": password}
    anonymous_client(tenant_a).post(mailed_path("new@example.com"), join)
    assert members(team) == {"new@example.com"}
    assert admin.post("/people/", said | {"email": "x@example.com", "team": "nonsense"}).status_code == 400


def test_a_team_that_is_removed_meanwhile_does_not_keep_anybody_out(
    admin: Any, anonymous_client: Any, tenant_a: Any, team: Team
) -> None:
    admin.post("/people/", {"email": "new@example.com", "role": "viewer", "name": "", "team": str(team.pk)})
    admin.post(f"{PAGE}{team.pk}/remove/")
    password = "nine quiet lanterns at dusk"
    join = {"name": "New", "password": password, "again": password}
    assert anonymous_client(tenant_a).post(mailed_path("new@example.com"), join).status_code == 302
    assert User.objects.filter(email="new@example.com").exists()


def test_a_program_does_the_same(admin: Any, cast_a: Any) -> None:
    json = {"content_type": "application/json"}
    made = admin.post(API, {"name": "Fraud"}, **json)
    assert made.status_code == 201
    place = made["Location"]
    assert admin.get(API, {"name": "fra"}).json()["results"][0]["member_count"] == 0
    assert admin.patch(place, {"name": "Abuse"}, **json).json()["name"] == "Abuse"
    added = admin.post(f"{place}members/", {"person": str(cast_a.analyst.pk)}, **json)
    assert added.status_code == 201
    assert admin.get(f"{place}members/").json()["results"][0]["person"]["email"] == "analyst@example.com"
    assert admin.get(place).json()["member_count"] == 1
    assert admin.get(added["Location"]).json()["person"]["id"] == str(cast_a.analyst.pk)
    assert admin.delete(added["Location"]).status_code == 204
    assert admin.delete(place).status_code == 204
    assert admin.get(place).status_code == 404
    assert admin.post(API, {"name": ""}, **json).status_code == 400
    expected = ["team.made", "team.renamed", "team.member_added", "team.member_removed", "team.removed"]
    assert actions() == expected


def test_the_administration_records_the_same_deeds(admin: Any, cast_a: Any) -> None:
    site = "/admin/accounts/team/"
    rows = {"memberships-TOTAL_FORMS": "1", "memberships-INITIAL_FORMS": "0"}
    added = {"name": "Fraud", **rows, "memberships-0-user": str(cast_a.analyst.pk)}
    assert admin.post(f"{site}add/", added).status_code == 302
    team = Team.objects.get()
    assert members(team) == {"analyst@example.com"}
    taken = admin.post(f"{site}add/", {**added, "name": "FRAUD"})
    assert "There is a team of this name already." in taken.content.decode()
    change = {"name": "Abuse", "memberships-TOTAL_FORMS": "1", "memberships-INITIAL_FORMS": "1"}
    change |= {"memberships-0-id": str(Membership.objects.get().pk), "memberships-0-team": str(team.pk)}
    assert admin.post(f"{site}{team.pk}/change/", {**change, "memberships-0-DELETE": "on"}).status_code == 302
    assert members(team) == set()
    assert (
        admin.post(site, {"action": "delete_selected", "_selected_action": [str(team.pk)], "post": "yes"}).status_code
        == 302
    )
    expected = ["team.made", "team.member_added", "team.renamed", "team.member_removed", "team.removed"]
    assert actions() == expected


@pytest.mark.parametrize("role", ["viewer", "analyst", "team_lead"])
def test_teams_are_for_administrators(
    client_for: Any, admin: Any, cast_a: Any, tenant_a: Any, team: Team, role: str
) -> None:
    client = client_for(getattr(cast_a, role), tenant_a)
    membership = Membership.objects.create(team=team, user=cast_a.viewer)
    answers = [client.get(PAGE), client.post(PAGE, {"name": "X"}), client.get(f"{PAGE}{team.pk}/")]
    answers += [client.post(f"{PAGE}{team.pk}/{deed}/") for deed in ("add", "remove")]
    answers += [client.post(f"{PAGE}members/{membership.pk}/remove/"), client.get(API), client.get(f"{API}{team.pk}/")]
    answers += [client.delete(f"/api/v2/memberships/{membership.pk}/"), client.get(f"{API}{team.pk}/members/")]
    assert {answer.status_code for answer in answers} == {403}
    assert members(team) == {"viewer@example.com"}
    assert admin.post(f"{PAGE}members/{membership.pk}/remove/").status_code == 302


def test_a_team_of_another_organization_is_nowhere(admin: Any, cast_b: Any, tenant_b: Any, team: Team) -> None:
    with inside(tenant_b):
        foreign = Team.objects.create(name="Theirs")
        membership = Membership.objects.create(team=foreign, user=cast_b.viewer)
    said = {"name": "X", "member": "viewer@example.com", "person": str(cast_b.viewer.pk)}
    for place in (
        f"{PAGE}{foreign.pk}/",
        f"{PAGE}{foreign.pk}/add/",
        f"{PAGE}{foreign.pk}/remove/",
        f"{PAGE}members/{membership.pk}/remove/",
    ):
        assert admin.post(place, said).status_code == 404
    assert admin.get(f"{API}{foreign.pk}/members/").status_code == 404
    assert admin.delete(f"/api/v2/memberships/{membership.pk}/").status_code == 404
    with inside(tenant_b):
        assert Membership.objects.filter(pk=membership.pk).exists()
