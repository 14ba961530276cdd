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


def test_deciding_twice_is_one_decision(tenant_a: TenantRef, cast_a: Cast, client_for: MakeClient) -> None:
    client = client_for(cast_a.analyst, tenant_a)
    upload(client)
    item = Item.objects.first()
    assert item is not None
    for _ in range(2):
        client.post(f"/items/{item.id}/decide/", {"verdict": "accepted"})
    assert item.decisions.count() == 1


def test_a_decision_on_an_item_that_somebody_else_changed_is_not_written(
    tenant_a: TenantRef, cast_a: Cast, client_for: MakeClient
) -> None:
    upload(client_for(cast_a.analyst, tenant_a))
    item = Item.objects.first()
    assert item is not None
    client_for(cast_a.team_lead, tenant_a).post(f"/items/{item.id}/decide/", {"verdict": "rejected", "revision": "0"})
    client_for(cast_a.analyst, tenant_a).post(f"/items/{item.id}/decide/", {"verdict": "accepted", "revision": "0"})
    item.refresh_from_db()
    assert item.state == "rejected"


def test_a_viewer_reads_the_desk_and_decides_nothing(tenant_a: TenantRef, cast_a: Cast, client_for: MakeClient) -> None:
    document_id = upload(client_for(cast_a.analyst, tenant_a))
    viewer = client_for(cast_a.viewer, tenant_a)
    assert viewer.get(f"/documents/{document_id}/").status_code == 200
    item = Item.objects.first()
    assert item is not None
    assert viewer.post(f"/items/{item.id}/decide/", {"verdict": "accepted"}).status_code == 403
    assert viewer.post(f"/documents/{document_id}/export/").status_code == 403


def test_an_own_remark_on_exact_words_is_accepted_and_written(
    tenant_a: TenantRef, cast_a: Cast, client_for: MakeClient
) -> None:
    client = client_for(cast_a.analyst, tenant_a)
    document_id = upload(client)
    section = Item.objects.select_related("section").first().section.version.sections.get(index=0)  # type: ignore[union-attr]
    start = section.text.index("Many buyers")
    given = {
        "section": str(section.id),
        "start": start,
        "end": start + 11,
        "description": "How many? & who",
        "type": "question",
        "risk": "Low",
    }
    assert client.post(f"/documents/{document_id}/remarks/", given).status_code == 302
    item = Item.objects.get(author=cast_a.analyst)
    assert (item.quote, item.state) == ("Many buyers", "accepted")


def test_a_finished_review_takes_no_decision_until_it_is_reopened(
    tenant_a: TenantRef, cast_a: Cast, client_for: MakeClient
) -> None:
    client = client_for(cast_a.analyst, tenant_a)
    document_id = upload(client)
    item = Item.objects.first()
    assert item is not None
    client.post(f"/documents/{document_id}/finish/")
    assert client.post(f"/items/{item.id}/decide/", {"verdict": "accepted"}).status_code == 409
    client.post(f"/documents/{document_id}/reopen/")
    assert client.post(f"/items/{item.id}/decide/", {"verdict": "accepted"}).status_code == 302


def test_revert_all_takes_every_decision_back_and_keeps_own_remarks(
    tenant_a: TenantRef, cast_a: Cast, client_for: MakeClient
) -> None:
    client = client_for(cast_a.analyst, tenant_a)
    document_id = upload(client)
    for item in Item.objects.all():
        client.post(f"/items/{item.id}/decide/", {"verdict": "accepted"})
    client.post(f"/documents/{document_id}/revert-all/")
    assert not Item.objects.exclude(state="open").exists()


def test_nothing_accepted_makes_no_word_file(tenant_a: TenantRef, cast_a: Cast, client_for: MakeClient) -> None:
    client = client_for(cast_a.analyst, tenant_a)
    document_id = upload(client)
    answer = client.post(f"/documents/{document_id}/export/", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_to_export")
