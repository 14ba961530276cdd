"""What a leaver owned: shown before they go, and taken over by a colleague who may have it, whole or not at all."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.accounts.capabilities import Capability, RoleName
from apps.accounts.models import User
from apps.accounts.owned_things import owned_kinds
from apps.accounts.services.issue_api_key import issue_api_key
from apps.documents.models import Document
from apps.documents.word.builder import Heading, Paragraph, build
from apps.kernel.audit.models import AuditEntry
from apps.kernel.tenancy.context import inside
from tests.accounts.conftest import actions

WRITE_UP = build([Heading("Executive Summary"), Paragraph("Many buyers were affected. TBD will follow soon.")])


@pytest.fixture
def admin(client_for: Any, cast_a: Any, tenant_a: Any) -> Any:
    return client_for(cast_a.org_admin, tenant_a)


@pytest.fixture
def analyst(client_for: Any, cast_a: Any, tenant_a: Any) -> Any:
    """Owns a reviewed document, a restricted one, and a key."""
    client = client_for(cast_a.analyst, tenant_a)
    for name, classification in (("open.docx", "internal"), ("close.docx", "restricted")):
        file = SimpleUploadedFile(name, WRITE_UP)
        client.post("/documents/upload/", {"file": file, "classification": classification})
    issue_api_key(cast_a.analyst, name="K", scopes=[Capability.READ_DOCUMENTS], life_days=1)
    return client


def page_of(person: Any) -> str:
    return f"/people/{person.pk}/belongings/"


def api_of(person: Any) -> str:
    return f"/api/v2/people/{person.pk}/belongings/"


def owners() -> dict[str, str]:
    return dict(Document.objects.values_list("name", "uploaded_by__role"))


def test_before_somebody_goes_their_things_are_shown(admin: Any, analyst: Any, cast_a: Any) -> None:
    page = admin.get(page_of(cast_a.analyst)).content.decode()
    assert "Documents: 2" in page
    assert "Open reviews of their documents: 2" in page
    assert "API keys: 1" in page
    belongings = admin.get(api_of(cast_a.analyst)).json()["belongings"]
    assert {(one["kind"], one["count"], one["can_be_handed_over"]) for one in belongings} == {
        ("documents", 2, True),
        ("open_reviews", 2, False),
        ("api_keys", 1, False),
    }
    assert "Nothing." in admin.get(page_of(cast_a.viewer)).content.decode()


def test_deactivating_gives_everything_to_the_heir(admin: Any, analyst: Any, cast_a: Any) -> None:
    answer = admin.post(page_of(cast_a.analyst), {"heir": "TEAM_LEAD@example.com", "deed": "deactivate"})
    assert answer["Location"] == "/people/"
    assert owners() == {"open.docx": "team_lead", "close.docx": "team_lead"}
    assert not User.objects.get(pk=cast_a.analyst.pk).is_active
    assert actions()[-4:] == [
        "document.handed_over",
        "document.handed_over",
        "person.handed_over",
        "person.deactivated",
    ]
    entry = AuditEntry.objects.filter(action="document.handed_over").first()
    assert entry is not None
    assert entry.detail == {"before": cast_a.analyst.name, "after": cast_a.team_lead.name}
    assert analyst.get("/").status_code == 302


def test_without_an_heir_everything_stays_and_can_go_later(admin: Any, analyst: Any, cast_a: Any) -> None:
    admin.post(page_of(cast_a.analyst), {"heir": "", "deed": "deactivate"})
    assert owners() == {"open.docx": "analyst", "close.docx": "analyst"}
    row = admin.get("/people/").content.decode()
    assert page_of(cast_a.analyst) in row
    assert "Hand over" in row
    for moved in (2, 0):
        answer = admin.post(api_of(cast_a.analyst), {"heir": str(cast_a.org_admin.pk)}, content_type="application/json")
        assert answer.json()["moved"] == moved
    assert set(owners().values()) == {"org_admin"}
    assert actions().count("person.handed_over") == 1


def test_nobody_comes_to_read_what_they_might_not_read_before(
    admin: Any, analyst: Any, cast_a: Any, client_for: Any, tenant_a: Any
) -> None:
    """Another analyst may have the open one but not the restricted one: neither moves, and the person stays active."""
    colleague = User.objects.create_person(
        "colleague@example.com", name="Colleague", role=RoleName(cast_a.analyst.role)
    )
    before = {document.pk: _may_read(client_for, colleague, tenant_a, document) for document in Document.objects.all()}
    assert sorted(before.values()) == [False, True]
    answer = admin.post(page_of(cast_a.analyst), {"heir": "colleague@example.com", "deed": "deactivate"})
    assert answer.status_code == 409
    assert "may not work on 1 of these documents" in answer.content.decode()
    assert owners() == {"open.docx": "analyst", "close.docx": "analyst"}
    assert User.objects.get(pk=cast_a.analyst.pk).is_active
    assert "document.handed_over" not in actions()
    Document.objects.filter(name="close.docx").update(classification="internal")
    admin.post(page_of(cast_a.analyst), {"heir": "colleague@example.com", "deed": "deactivate"})
    assert set(Document.objects.values_list("uploaded_by", flat=True)) == {colleague.pk}


def _may_read(client_for: Any, person: Any, tenant: Any, document: Document) -> bool:
    return bool(client_for(person, tenant).get(f"/api/v2/documents/{document.pk}/").status_code == 200)


@pytest.mark.parametrize(
    ("heir", "status", "sentence"),
    [
        ("viewer@example.com", 409, "may not work on 2 of these documents"),
        ("analyst@example.com", 400, "Choose another person"),
        ("nobody@example.com", 400, "There is no account with this e-mail address"),
        ("gone@example.com", 400, "Choose another person"),
        ("", 400, "Say who takes it over"),
        ("team_lead@example.com", 302, ""),
    ],
)
def test_an_heir_is_somebody_else_who_is_active_and_may(
    admin: Any, analyst: Any, cast_a: Any, heir: str, status: int, sentence: str
) -> None:
    gone = User.objects.create_person("gone@example.com", name="Gone", role=RoleName(cast_a.team_lead.role))
    User.objects.filter(pk=gone.pk).update(is_active=False)
    answer = admin.post(page_of(cast_a.analyst), {"heir": heir, "deed": "hand_over"})
    assert answer.status_code == status
    assert sentence in answer.content.decode()
    assert set(owners().values()) == {"team_lead" if status == 302 else "analyst"}


def test_the_last_administrator_keeps_their_things_when_they_cannot_go(admin: Any, analyst: Any, cast_a: Any) -> None:
    Document.objects.update(uploaded_by=cast_a.org_admin)
    answer = admin.post(page_of(cast_a.org_admin), {"heir": "team_lead@example.com", "deed": "deactivate"})
    assert answer.status_code == 409
    assert "last administrator" in answer.content.decode()
    assert set(owners().values()) == {"org_admin"}


@pytest.mark.parametrize("role", ["viewer", "analyst", "team_lead"])
def test_only_an_administrator_hands_over(
    admin: Any, analyst: Any, client_for: Any, cast_a: Any, tenant_a: Any, role: str
) -> None:
    client = client_for(getattr(cast_a, role), tenant_a)
    said = {"heir": "team_lead@example.com", "deed": "hand_over"}
    answers = [client.get(page_of(cast_a.analyst)), client.post(page_of(cast_a.analyst), said)]
    answers += [client.get(api_of(cast_a.analyst))]
    answers += [
        client.post(api_of(cast_a.analyst), {"heir": str(cast_a.team_lead.pk)}, content_type="application/json")
    ]
    assert {answer.status_code for answer in answers} == {403}
    assert set(owners().values()) == {"analyst"}
    assert admin.post(page_of(cast_a.analyst), said).status_code == 302


def test_an_heir_of_another_organization_is_nobody(admin: Any, analyst: Any, cast_a: Any, tenant_b: Any) -> None:
    with inside(tenant_b):
        stranger = User.objects.create_person("only@b.example", name="Only B", role=RoleName(cast_a.team_lead.role))
    answer = admin.post(api_of(cast_a.analyst), {"heir": str(stranger.pk)}, content_type="application/json")
    assert answer.status_code == 404
    assert (
        "There is no account"
        in admin.post(page_of(cast_a.analyst), {"heir": "only@b.example", "deed": "hand_over"}).content.decode()
    )
    assert set(owners().values()) == {"analyst"}


def test_every_kind_says_what_becomes_of_it() -> None:
    kinds = owned_kinds()
    assert [kind.name for kind in kinds][:4] == ["documents", "open_reviews", "service_accounts", "api_keys"]
    assert all(str(kind.label) and str(kind.fate) for kind in kinds)
