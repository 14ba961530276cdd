"""The main job through HTTP: upload, review, decide, export."""

import io
import zipfile
from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.documents.word.builder import Heading, Paragraph, build
from apps.feedback.models import Item
from apps.kernel.tenancy.context import TenantRef
from tests.conftest import Cast

MakeClient = Callable[..., Client]

WRITE_UP = build(
    [
        Heading("Executive Summary"),
        Paragraph("Many buyers were affected & several complained about the seller <Nordlicht>. TBD will follow soon."),
        Heading("Root Cause"),
        Paragraph("The analyst made a mistake."),
        Heading("Preventative Actions"),
        Paragraph("Training will be improved."),
    ]
)


def upload(client: Client, content: bytes = WRITE_UP, name: str = "case 17.docx") -> str:
    """The id of the new document, reviewed by now."""
    answer = client.post(
        "/documents/upload/", {"file": SimpleUploadedFile(name, content)}, headers={"Accept": "application/json"}
    )
    assert answer.status_code == 201, answer.content
    document_id: str = answer.json()["id"]
    return document_id


def test_the_library_is_empty_at_first_and_says_what_to_do(
    tenant_a: TenantRef, cast_a: Cast, client_for: MakeClient
) -> None:
    page = client_for(cast_a.analyst, tenant_a).get("/")
    assert page.status_code == 200
    assert "No documents yet" in page.content.decode()


def test_an_upload_is_reviewed_decided_on_and_taken_home(
    tenant_a: TenantRef, cast_a: Cast, client_for: MakeClient
) -> None:
    client = client_for(cast_a.analyst, tenant_a)
    document_id = upload(client)
    desk = client.get(f"/documents/{document_id}/")
    assert desk.status_code == 200
    assert "&lt;Nordlicht&gt;" in desk.content.decode()
    item = Item.objects.filter(is_hidden=False).exclude(type="positive").first()
    assert item is not None
    assert client.post(f"/items/{item.id}/decide/", {"verdict": "accepted", "revision": "0"}).status_code == 302
    made = client.post(f"/documents/{document_id}/export/")
    assert made.status_code == 302
    taken = client.get(made["Location"])
    assert taken["Content-Disposition"] == 'attachment; filename="case 17 (reviewed).docx"'
    comments = zipfile.ZipFile(io.BytesIO(b"".join(taken.streaming_content))).read("word/comments.xml").decode()
    assert "AI-Prism (rules)" in comments
    assert comments.count("<w:comment ") == 1


def test_a_viewer_reads_the_desk_and_decides_nothing(tenant_a: TenantRef, cast_a: Cast, client_for: MakeClient) -> None:
    document_id = upload(client_for(cast_a.analyst, tenant_a))
    viewer = client_for(cast_a.viewer, tenant_a)
    assert viewer.get(f"/documents/{document_id}/").status_code == 200
    item = Item.objects.first()
    assert item is not None
    assert viewer.post(f"/items/{item.id}/decide/", {"verdict": "accepted"}).status_code == 403
    assert viewer.post(f"/documents/{document_id}/export/").status_code == 403


def test_nothing_accepted_makes_no_word_file(tenant_a: TenantRef, cast_a: Cast, client_for: MakeClient) -> None:
    client = client_for(cast_a.analyst, tenant_a)
    document_id = upload(client)
    answer = client.post(f"/documents/{document_id}/export/", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_to_export")
