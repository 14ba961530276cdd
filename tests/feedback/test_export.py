"""The reviewed Word file: who says what on which words, how many, and what a file that is no Word file becomes."""

import io
import threading
import zipfile
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

import docx
import pytest
from django.db import connection, transaction
from django.test import Client

from apps.accounts.models import User
from apps.documents.blocks.port import FileKind
from apps.documents.extraction.sandbox import extract_in_sandbox
from apps.documents.models import Section
from apps.documents.word.reader import read_word
from apps.feedback.choices import Verdict
from apps.feedback.errors import NothingToExportError
from apps.feedback.models import Export, Item, Review
from apps.feedback.services.decide import decide
from apps.feedback.services.export import make_word_file
from apps.kernel.tenancy.context import TenantRef, inside
from tests.conftest import Cast
from tests.documents.bad_files import GOOD, pdf_text, repacked
from tests.documents.test_bad_upload import stored_files
from tests.documents.test_word_round_trip import covered_words
from tests.feedback.test_upload_to_export import WRITE_UP, upload

MakeClient = Callable[..., Client]
_PDF = pdf_text("Many buyers were affected. TBD will follow soon. The analyst made a mistake.")


def taken(client: Client, document_id: str) -> bytes:
    """The reviewed file as the person gets it."""
    made = client.post(f"/documents/{document_id}/export/")
    assert made.status_code == 302
    return b"".join(client.get(made["Location"]).streaming_content)  # type: ignore[arg-type]


def accept(client: Client, item: Item) -> None:
    assert client.post(f"/items/{item.id}/decide/", {"verdict": "accepted"}).status_code == 302


def own_remark(client: Client, document_id: str, **given: Any) -> None:
    section = Section.objects.get(index=0)
    said = {"section": str(section.id), "start": 0, "end": 0, "description": "Why?", "type": "question", "risk": "Low"}
    assert client.post(f"/documents/{document_id}/remarks/", said | given).status_code == 302


def comments_in(content: bytes) -> list[Any]:
    return list(docx.Document(io.BytesIO(content)).comments)


def paragraphs(comment: Any) -> list[str]:
    return [one.text for one in comment.paragraphs]


def test_each_comment_names_its_author_and_says_the_framework_by_its_own_title(
    tenant_a: TenantRef, cast_a: Cast, client_for: MakeClient
) -> None:
    client = client_for(cast_a.analyst, tenant_a)
    document_id = upload(client)
    first, second = Item.objects.exclude(points=[]).order_by("section__index", "start", "id")[:2]
    accept(client, first)
    client.post(f"/items/{second.id}/reword/", {"description": "Say it plainly", "suggestion": "Do & <show>\nboth"})
    own_remark(client, document_id, description="First line\nsecond \x1bline 😀 & <b>")
    by_author = {one.author: one for one in comments_in(taken(client, document_id))}
    assert set(by_author) == {"AI-Prism (rules)", cast_a.analyst.name}
    machine = by_author["AI-Prism (rules)"]
    first.refresh_from_db()
    framework = first.review.run.framework
    assert machine.initials == "AI"
    assert paragraphs(machine)[0] == f"[{first.type.capitalize()} - {first.risk} risk] {first.description}"
    assert paragraphs(machine)[-1].startswith(f"{framework.title}: {first.points[0]} ")
    assert machine.timestamp == first.decisions.get().decided_at.replace(microsecond=0)
    said = [paragraphs(one) for one in comments_in(taken(client, document_id)) if one.author == cast_a.analyst.name]
    assert ["[Question - Low risk] First line", "second line 😀 & <b>"] in said
    reworded = next(one for one in said if "Say it plainly" in one[0])
    assert reworded[1:3] == ["Suggestion: Do & <show>", "both"]


def test_the_number_that_is_said_is_the_number_of_comments_whatever_their_place(
    tenant_a: TenantRef, cast_a: Cast, client_for: MakeClient
) -> None:
    client = client_for(cast_a.analyst, tenant_a)
    document_id = upload(client)
    for item in Item.objects.all():
        accept(client, item)
    section = Section.objects.get(index=1)
    Section.objects.filter(pk=section.pk).update(heading_path="", text="", spans=[], line_kinds=[])
    own_remark(client, document_id, section=str(section.id), description="On nothing at all")
    count = Item.objects.filter(state="accepted").count()
    preview = client.get(f"/documents/{document_id}/").content.decode()
    assert f"<strong>{count} comments</strong>" in preview
    content = taken(client, document_id)
    comments = comments_in(content)
    assert len(comments) == count == Export.objects.latest("created_at").comment_count
    homeless = next(one for one in comments if "On nothing at all" in "".join(paragraphs(one)))
    assert paragraphs(homeless)[0] == f"About the section “{section.heading}”:"
    assert covered_words(content)[str(homeless.comment_id)] == "Executive Summary"


def test_a_comment_covers_the_words_that_the_remark_quotes(
    tenant_a: TenantRef, cast_a: Cast, client_for: MakeClient
) -> None:
    client = client_for(cast_a.analyst, tenant_a)
    document_id = upload(client)
    text = Section.objects.get(index=0).text
    start = text.index("several complained")
    own_remark(client, document_id, start=start, end=start + 18)
    assert list(covered_words(taken(client, document_id)).values()) == ["several complained"]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (_PDF, "case.pdf"),
        (b"{\\rtf1\\ansi Many buyers were affected & <lost>.\\par TBD will follow soon.}", "case.rtf"),
        ("Many buyers were affected & <lost> \u0001\ufffe😀.\nTBD will follow soon.\tNow".encode(), "case.txt"),
    ],
)
def test_what_is_no_word_file_comes_back_as_one_and_the_page_says_what_is_lost(
    content: bytes, name: str, tenant_a: TenantRef, cast_a: Cast, client_for: MakeClient
) -> None:
    client = client_for(cast_a.analyst, tenant_a)
    document_id = upload(client, content, name)
    section = Section.objects.get(index=0)
    start = section.text.index("TBD will")
    own_remark(client, document_id, start=start, end=start + 8)
    page = client.get(f"/documents/{document_id}/").content.decode()
    assert "The original is not a Word file" in page
    if not name.endswith(".txt"):
        about = client.get(f"/documents/{document_id}/about/").content.decode()
        assert "The reviewed Word file is a new one" in about
    made = client.post(f"/documents/{document_id}/export/")
    answer = client.get(made["Location"])
    assert answer["Content-Disposition"] == 'attachment; filename="case (reviewed).docx"'
    file = b"".join(answer.streaming_content)  # type: ignore[arg-type]
    assert list(covered_words(file).values()) == ["TBD will"]
    lines = [block.text for block in read_word(file).blocks]
    assert "\n".join(lines) == "\n".join(Section.objects.order_by("index").values_list("text", flat=True))


def test_an_original_that_was_damaged_since_ends_in_a_sentence_and_no_file(
    tenant_a: TenantRef, cast_a: Cast, client_for: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_for(cast_a.analyst, tenant_a)
    document_id = upload(client)
    own_remark(client, document_id)
    version = Section.objects.get(index=0).version
    from apps.kernel.storage.tenant_files import store

    broken = store("originals", version.document_id, io.BytesIO(WRITE_UP[:900]))
    type(version).objects.filter(pk=version.pk).update(stored_key=broken.key)
    before = stored_files()
    answer = client.post(f"/documents/{document_id}/export/", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["code"]) == (400, "damaged_file")
    assert not Export.objects.exists()
    assert stored_files() == before


def test_a_file_by_others_keeps_their_comments_beside_ours(
    tenant_a: TenantRef, cast_a: Cast, client_for: MakeClient
) -> None:
    from tests.documents.rare_shapes import FOREIGN, RARE_SHAPES

    client = client_for(cast_a.analyst, tenant_a)
    document_id = upload(client, RARE_SHAPES["comments by others in every part"][0])
    own_remark(client, document_id)
    content = taken(client, document_id)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert FOREIGN.encode() in archive.read("word/comments.xml")
    assert [one.author for one in comments_in(content)] == ['Ana "Lead" & Co', "Bo", cast_a.analyst.name]


class Desk:
    """A reviewed document in a database where commits are real, with one item accepted."""

    def __init__(self, tenant: TenantRef, client_for: MakeClient) -> None:
        self.tenant = tenant
        self.faults: list[BaseException] = []
        self.person = User.objects.get(role="analyst")
        self.client = client_for(self.person, tenant)
        self.document_id = UUID(upload(self.client))
        self.items = list(Item.objects.all()[:4])
        self.accept(0)

    def accept(self, number: int) -> None:
        decide(self.person, item_id=self.items[number].id, verdict=Verdict.ACCEPTED)

    def export(self) -> Export:
        return make_word_file(self.person, document_id=self.document_id)

    def at_once(self, deed: Callable[[], object]) -> threading.Thread:
        def run() -> None:
            try:
                with inside(self.tenant):
                    deed()
            except BaseException as fault:  # noqa: BLE001 - told to the test
                self.faults.append(fault)
            finally:
                connection.close()

        thread = threading.Thread(target=run)
        thread.start()
        return thread

    def written(self, export: Export) -> int:
        answer = self.client.get(f"/exports/{export.id}/")
        with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:  # type: ignore[arg-type]
            return archive.read("word/comments.xml").count(b"<w:comment ")


def somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


def test_an_export_waits_for_the_decision_that_is_being_written(
    committed_tenants: tuple[TenantRef, TenantRef], client_for: MakeClient
) -> None:
    with inside(committed_tenants[0]):
        desk = Desk(committed_tenants[0], client_for)
        with transaction.atomic():
            desk.accept(1)
            exporting = desk.at_once(desk.export)
            while exporting.is_alive() and not somebody_waits_for_a_lock():
                pass
        exporting.join()
        assert desk.faults == []
        export = Export.objects.get()
        assert export.comment_count == desk.written(export) == 2


def test_exports_and_decisions_at_the_same_time_do_not_mix(
    committed_tenants: tuple[TenantRef, TenantRef], client_for: MakeClient
) -> None:
    with inside(committed_tenants[0]):
        desk = Desk(committed_tenants[0], client_for)
        deeds: list[Callable[[], object]] = []
        for number in (1, 2, 3):
            deeds += [desk.export, partial(desk.accept, number)]
        for thread in [desk.at_once(deed) for deed in deeds]:
            thread.join()
        assert desk.faults == []
        counts_of_digest: dict[str, set[int]] = {}
        for export in Export.objects.all():
            assert desk.written(export) == export.comment_count
            counts_of_digest.setdefault(export.decisions_digest, set()).add(export.comment_count)
        assert Export.objects.count() == 3
        assert all(len(counts) == 1 for counts in counts_of_digest.values())
        assert desk.export().comment_count == 4


def test_an_export_of_nothing_leaves_no_file(tenant_a: TenantRef, cast_a: Cast, client_for: MakeClient) -> None:
    upload(client_for(cast_a.analyst, tenant_a))
    before = stored_files()
    with pytest.raises(NothingToExportError):
        make_word_file(cast_a.analyst, document_id=Review.objects.get().version.document_id)
    assert stored_files() == before


def test_an_original_with_a_picture_that_cannot_be_unpacked_is_exported_all_the_same(
    tenant_a: TenantRef, cast_a: Cast, client_for: MakeClient
) -> None:
    client = client_for(cast_a.analyst, tenant_a)
    content = repacked(GOOD, replace={"word/media/image1.png": b"\x89PNG" * 50}, compression=zipfile.ZIP_STORED)
    broken = content.replace(b"\x89PNG" * 50, b"\x89PNX" * 50)
    document_id = upload(client, broken)
    own_remark(client, document_id)
    assert len(extract_in_sandbox(taken(client, document_id), FileKind.DOCX).blocks) == 1
