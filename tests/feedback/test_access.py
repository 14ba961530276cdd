"""Who can see this? What the page says is what every person's own requests are answered."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from apps.accounts.capabilities import RoleName
from apps.accounts.models import Membership, Team, User
from apps.documents.models import Document
from apps.feedback.models import Item
from tests.feedback.conftest import WRITE_UP

OK = {200, 201, 204, 302}


def _person(name: str, role: str) -> User:
    return User.objects.create_person(f"{name}@example.com", name=name, role=RoleName(role))


@pytest.fixture
def crowd(cast_a: Any) -> dict[str, Any]:
    """Each role twice, some in the owner's team; one who has left, and an operator, who is nobody here."""
    people = {
        f"other {role}": _person(f"other-{role}", role) for role in ("viewer", "analyst", "team_lead", "org_admin")
    }
    people |= {role: getattr(cast_a, role) for role in ("viewer", "analyst", "team_lead", "org_admin")}
    people["operator"] = _person("operator", "system_admin")
    people["gone"] = _person("gone", "team_lead")
    User.objects.filter(name="gone").update(is_active=False)
    team = Team.objects.create(name="Brands")
    for name in ("analyst", "other analyst", "team_lead", "gone"):
        Membership.objects.create(team=team, user=people[name])
    return people


@pytest.fixture
def document(client_for: Any, cast_a: Any, tenant_a: Any) -> Document:
    file = SimpleUploadedFile("case.docx", WRITE_UP)
    client_for(cast_a.analyst, tenant_a).post("/documents/upload/", {"file": file})
    return Document.objects.get()


def _answered(client: Any, document: Document) -> set[str]:
    """What this person's own requests come to, each taken back."""
    item = Item.objects.filter(is_hidden=False, author=None).first()
    assert item is not None
    place = f"/api/v2/documents/{document.pk}/"
    tag = client.get(place).headers.get("ETag", '"x"')
    said = {"content_type": "application/json", "headers": {"If-Match": tag}}
    decided = {"verdict": "accepted", "revision": str(item.revision)}
    requests = {
        "read": lambda: client.get(place),
        "edit": lambda: client.patch(place, {"name": "Other.docx"}, **said),
        "decide": lambda: client.post(f"/items/{item.pk}/decide/", decided),
        "delete": lambda: client.delete(place, **said),
    }
    done = set()
    for deed, ask in requests.items():
        with transaction.atomic():
            if ask().status_code in OK and client.session.get("_auth_user_id"):
                done.add(deed)
            transaction.set_rollback(True)
    return done


@pytest.mark.parametrize("classification", ["public", "internal", "confidential", "restricted"])
@pytest.mark.parametrize("owner", ["analyst", "other team_lead", "viewer"])
def test_what_is_said_is_what_every_person_is_answered(
    client_for: Any, crowd: Any, tenant_a: Any, document: Document, classification: str, owner: str
) -> None:
    Document.objects.update(classification=classification, uploaded_by=crowd[owner])
    told = client_for(crowd["org_admin"], tenant_a).get(f"/api/v2/documents/{document.pk}/access/").json()
    said = {one["id"]: set(one["may"]) for one in told["people"]}
    for name, person in crowd.items():
        answered = _answered(client_for(person, tenant_a), document) if person.is_active and name != "gone" else set()
        assert said.get(str(person.pk), set()) == answered, name
    for deed, count in told["counts"].items():
        assert count == sum(deed in may for may in said.values())
    assert told["unnamed"] == 0


def test_everybody_is_told_why(client_for: Any, crowd: Any, tenant_a: Any, document: Document) -> None:
    told = client_for(crowd["org_admin"], tenant_a).get(f"/api/v2/documents/{document.pk}/access/").json()
    why = {one["id"]: one["why"] for one in told["people"]}
    expected = {
        "analyst": "owner",
        "team_lead": "team",
        "other team_lead": "role",
        "org_admin": "role",
        "viewer": "role",
    }
    assert {name: why[str(crowd[name].pk)] for name in expected} == expected
    assert str(crowd["gone"].pk) not in why
    assert str(crowd["operator"].pk) not in why


@pytest.mark.parametrize("role", ["viewer", "analyst", "team_lead", "org_admin"])
def test_names_are_shown_as_far_as_one_may_know_people(
    client_for: Any, crowd: Any, tenant_a: Any, document: Document, role: str
) -> None:
    client = client_for(crowd[role], tenant_a)
    told = client.get(f"/api/v2/documents/{document.pk}/access/").json()
    shown = {one["name"] for one in told["people"]}
    page = client.get(f"/documents/{document.pk}/access/").content.decode()
    everybody = {person.name for name, person in crowd.items() if name not in {"gone", "operator"}}
    assert shown == (everybody if role == "org_admin" else {crowd[role].name, crowd["analyst"].name})
    assert len(shown) + told["unnamed"] == told["counts"]["read"] == len(everybody)
    assert all(name in page for name in shown)
    assert not any(name in page for name in {"other-viewer", "other-analyst"} - shown)


def test_who_may_not_read_it_is_told_nothing(
    client_for: Any, crowd: Any, tenant_a: Any, tenant_b: Any, cast_b: Any, document: Document
) -> None:
    Document.objects.update(classification="restricted")
    places = (f"/documents/{document.pk}/access/", f"/api/v2/documents/{document.pk}/access/")
    for place in places:
        assert client_for(crowd["other analyst"], tenant_a).get(place).status_code == 404
        assert client_for(cast_b.org_admin, tenant_b).get(place).status_code == 404
        assert client_for(crowd["analyst"], tenant_a).get(place).status_code == 200


def test_many_people_cost_no_more_questions_than_few(
    client_for: Any, crowd: Any, tenant_a: Any, document: Document, django_assert_max_num_queries: Any
) -> None:
    for number in range(150):
        _person(f"lead-{number}", "team_lead")
    client = client_for(crowd["org_admin"], tenant_a)
    client.get("/")
    with django_assert_max_num_queries(12):
        page = client.get(f"/documents/{document.pk}/access/").content.decode()
    assert "Page 1 of 2" in page


def test_the_desk_and_the_documents_own_page_lead_there(
    client_for: Any, crowd: Any, tenant_a: Any, document: Document
) -> None:
    client = client_for(crowd["viewer"], tenant_a)
    place = f"/documents/{document.pk}/access/"
    assert place in client.get(f"/documents/{document.pk}/").content.decode()
    assert place in client.get(f"/documents/{document.pk}/about/").content.decode()
