"""A higher room may object to a deletion; this one asks it without knowing it."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.documents import guards
from apps.documents.models import Document
from apps.kernel.tenancy.context import TenantRef
from tests.conftest import Cast
from tests.documents.test_bad_upload import stored_files

MakeClient = Callable[..., Client]


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> dict[UUID, list[str]]:
    """Objections by document, of a room that is put in and asked for this test alone."""
    objections: dict[UUID, list[str]] = {}
    monkeypatch.setattr(guards, "_guards", [])

    def holds(document_id: UUID) -> list[str]:
        return objections.get(document_id, [])

    # A room that starts twice is still asked once.
    guards.register_guard(holds)
    guards.register_guard(holds)
    guards.register_guard(lambda document_id: [])
    return objections


def uploaded(client: Client) -> UUID:
    client.post("/documents/upload/", {"file": SimpleUploadedFile("case.txt", b"The seller shipped 14 units.")})
    return Document.objects.latest("created_at").id


def test_a_held_document_stays_with_its_files_until_the_hold_ends(
    held: dict[UUID, list[str]], tenant_a: TenantRef, cast_a: Cast, client_for: MakeClient
) -> None:
    client = client_for(cast_a.analyst, tenant_a)
    document_id = uploaded(client)
    files = stored_files()
    held[document_id] = ["legal hold 2025-7", "audit of May"]

    answer = client.delete(f"/api/v2/documents/{document_id}/")
    assert answer.status_code == 409
    assert answer.json()["code"] == "document_held"
    assert answer.json()["detail"] == "This document cannot be deleted now: legal hold 2025-7; audit of May"
    page = client.post(f"/documents/{document_id}/delete/")
    assert page.status_code == 409
    assert "legal hold 2025-7; audit of May" in page.content.decode()
    assert Document.objects.filter(pk=document_id).exists()
    assert stored_files() == files

    del held[document_id]
    assert client.delete(f"/api/v2/documents/{document_id}/").status_code == 204
    assert not Document.objects.filter(pk=document_id).exists()


def test_a_hold_on_one_document_holds_no_other(
    held: dict[UUID, list[str]], tenant_a: TenantRef, cast_a: Cast, client_for: MakeClient
) -> None:
    client = client_for(cast_a.analyst, tenant_a)
    first, second = uploaded(client), uploaded(client)
    held[first] = ["legal hold"]
    assert client.delete(f"/api/v2/documents/{second}/").status_code == 204
    assert list(Document.objects.values_list("id", flat=True)) == [first]
