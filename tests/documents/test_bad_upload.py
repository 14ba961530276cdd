"""Every file that can be sent, by every way in: a clear refusal, a failed job that says why and how to go on, or a review."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.html import escape

from apps.documents.blocks.errors import ERRORS_BY_CODE
from apps.documents.models import Document, Section, Version
from apps.kernel.tenancy.context import TenantRef
from tests.conftest import Cast
from tests.documents.bad_files import BAD_FILES, BadFile, End

MakeClient = Callable[..., Client]
WAYS = ("drop zone", "form", "API")


def sent(client: Client, file: BadFile, *, way: str, content: bytes | None = None) -> Any:
    given = {"file": SimpleUploadedFile(file.name, file.make() if content is None else content)}
    if way == "API":
        return client.post("/api/v2/documents/", given)
    headers = {"Accept": "application/json"} if way == "drop zone" else {}
    return client.post("/documents/upload/", given, headers=headers)


def stored_files() -> list[Path]:
    return sorted(one for one in Path(settings.STORAGES["default"]["OPTIONS"]["location"]).rglob("*") if one.is_file())


def of_end(end: End) -> list[str]:
    return [name for name, file in BAD_FILES.items() if file.end is end]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", of_end(End.REFUSED))
def test_a_refused_file_is_told_why_and_leaves_nothing(
    name: str, way: str, tenant_a: TenantRef, cast_a: Cast, client_for: MakeClient
) -> None:
    file = BAD_FILES[name]
    before = stored_files()
    answer = sent(client_for(cast_a.analyst, tenant_a), file, way=way)
    (code,) = file.codes
    assert answer.status_code == 400
    if way == "form":
        assert escape(ERRORS_BY_CODE[code].sentence) in answer.content.decode()
    else:
        assert (answer.json()["code"], answer.json()["detail"]) == (code, ERRORS_BY_CODE[code].sentence)
    assert not Document.objects.exists()
    assert stored_files() == before


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", of_end(End.FAILED))
def test_a_file_that_cannot_be_read_is_kept_and_its_page_says_why_and_what_to_do(
    name: str, way: str, tenant_a: TenantRef, cast_a: Cast, client_for: MakeClient
) -> None:
    file = BAD_FILES[name]
    client = client_for(cast_a.analyst, tenant_a)
    content = file.make()
    answer = sent(client, file, way=way, content=content)
    assert answer.status_code == (302 if way == "form" else 201)
    document = Document.objects.get()
    job = client.get(f"/api/v2/documents/{document.id}/job/").json()
    assert job["state"] == "failed"
    code = job["error"]["code"]
    assert code in file.codes
    assert job["error"]["detail"] == ERRORS_BY_CODE[code].sentence
    sentence = escape(ERRORS_BY_CODE[code].sentence)
    for address in (f"/documents/{document.id}/", f"/documents/{document.id}/progress/"):
        page = client.get(address).content.decode()
        assert sentence in page
        assert code in page
        assert f'href="/documents/{document.id}/original/"' in page
        assert 'href="/documents/upload/"' in page
        # What is wrong with a file stays wrong with it; what depends on the machine may go better another time.
        assert (f"/documents/{document.id}/retry/" in page) == (code in {"parser_crashed", "parse_time_limit"})
    assert b"".join(client.get(f"/documents/{document.id}/original/").streaming_content) == content  # type: ignore[arg-type]
    assert Version.objects.get().extracted is None


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", of_end(End.REVIEWED))
def test_a_strange_file_that_can_be_read_is_reviewed_with_its_words_intact(
    name: str, way: str, tenant_a: TenantRef, cast_a: Cast, client_for: MakeClient
) -> None:
    file = BAD_FILES[name]
    client = client_for(cast_a.analyst, tenant_a)
    answer = sent(client, file, way=way)
    assert answer.status_code == (302 if way == "form" else 201)
    document = Document.objects.get()
    job = client.get(f"/api/v2/documents/{document.id}/job/").json()
    assert (job["state"], job["error"]) == ("completed", None)
    page = client.get(f"/documents/{document.id}/")
    assert page.status_code == 200
    assert file.words in "\n".join(Section.objects.order_by("index").values_list("text", flat=True))


def test_a_failed_document_can_be_tried_again_and_deleted(
    tenant_a: TenantRef, cast_a: Cast, client_for: MakeClient
) -> None:
    before = stored_files()
    client = client_for(cast_a.analyst, tenant_a)
    sent(client, BAD_FILES["no words"], way="form")
    document = Document.objects.get()
    assert client.post(f"/documents/{document.id}/retry/").status_code == 302
    assert client.get(f"/api/v2/documents/{document.id}/job/").json()["error"]["code"] == "no_text"
    assert client.post(f"/documents/{document.id}/delete/").status_code == 302
    assert not Document.objects.exists()
    assert stored_files() == before


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd.docx", "passwd.docx"),
        ("C:\\Users\\me\\case.docx", "case.docx"),
        ("a\u202excod.exe.docx", "axcod.exe.docx"),
        ("<script>alert(1)</script>.docx", "script>.docx"),
        ("😀 قال.docx", "😀 قال.docx"),
        ("x" * 400 + ".docx", None),
        (" . .docx", "docx"),
    ],
)
def test_a_file_name_is_only_ever_a_label(
    given: str, shown: str | None, tenant_a: TenantRef, cast_a: Cast, client_for: MakeClient
) -> None:
    client = client_for(cast_a.analyst, tenant_a)
    file = SimpleUploadedFile("case.docx", BAD_FILES["nested zips"].make())
    file._name = given  # as it comes over the wire; Django's own client would tidy it
    answer = client.post("/documents/upload/", {"file": file}, headers={"Accept": "application/json"})
    assert answer.status_code == 201, answer.content
    document = Document.objects.get()
    if shown is not None:
        assert document.name == shown
    assert 0 < len(document.name) <= 255
    page = client.get(f"/documents/{document.id}/")
    assert page.status_code == 200
    assert b"<script>alert" not in page.content
    assert client.get(f"/documents/{document.id}/original/")["Content-Disposition"].startswith("attachment")
