"""A document's own page: notices and deeds as sentences, never as codes."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from apps.documents.choices import NOTICES, notice_sentence
from apps.documents.models import Version
from apps.documents.word.builder import Heading, Paragraph, build
from apps.kernel.tenancy.context import TenantRef
from tests.conftest import Cast

MakeClient = Callable[..., Client]
WRITE_UP = build([Heading("Summary"), Paragraph("Many buyers were affected.")])


@pytest.fixture
def analyst(tenant_a: TenantRef, cast_a: Cast, client_for: MakeClient) -> Client:
    return client_for(cast_a.analyst, tenant_a)


def sent(client: Client) -> str:
    answer = client.post(
        "/documents/upload/",
        {"file": SimpleUploadedFile("case.docx", WRITE_UP)},
        headers={"Accept": "application/json"},
    )
    return str(answer.json()["id"])


def test_every_deed_is_a_sentence_with_its_actor(analyst: Client, cast_a: Cast) -> None:
    document = sent(analyst)
    analyst.get(f"/documents/{document}/original/")
    page = analyst.get(f"/documents/{document}/about/").content.decode()
    told = re.findall(r'class="activity__sentence">([^<]*)<', page)
    assert told[0] == f"{cast_a.analyst.name} downloaded the original"
    assert told[-1] == f"{cast_a.analyst.name} uploaded the document"
    assert all(sentence and "." not in sentence.split()[0] for sentence in told)


def test_what_the_reader_noticed_is_told_with_its_number(analyst: Client) -> None:
    document = sent(analyst)
    notices = [
        {"code": "tracked_deletions", "count": 3, "detail": ""},
        {"code": "pictures_not_read", "count": 1, "detail": ""},
    ]
    Version.objects.update(notices=notices)
    page = analyst.get(f"/documents/{document}/about/").content.decode()
    assert "3 passages deleted with tracked changes" in page
    assert "1 picture was not read" in page
    assert "tracked_deletions" not in page


def test_every_notice_that_a_reader_can_give_has_a_sentence() -> None:
    sources = [path.read_text() for path in (Path(settings.ROOT) / "apps/documents").rglob("*.py")]
    given = {code for source in sources for code in re.findall(r'(?:Notice\(|counts\[)"(\w+)"', source)}
    assert given
    assert given <= set(NOTICES)
    for code in given:
        assert code not in notice_sentence({"code": code, "count": 2, "detail": "latin-1"})


def test_a_notice_of_another_version_is_still_told() -> None:
    assert "(from_the_future)" in notice_sentence({"code": "from_the_future", "count": 1, "detail": ""})


def test_only_who_may_change_it_finds_the_form_and_only_who_may_delete_it_the_button(
    analyst: Client, tenant_a: TenantRef, cast_a: Cast, client_for: MakeClient
) -> None:
    document = sent(analyst)
    for person, edits, deletes in (
        (cast_a.analyst, True, True),
        (cast_a.viewer, False, False),
        (cast_a.org_admin, True, True),
    ):
        page = client_for(person, tenant_a).get(f"/documents/{document}/about/").content.decode()
        assert (f"/documents/{document}/change/" in page) is edits
        assert (f"/documents/{document}/delete/" in page) is deletes
