"""The library as a page: a fixed number of queries, filters kept in the address, and what each state is called."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from apps.documents.models import Document
from apps.feedback.models import Item
from apps.kernel.jobs.models import Job
from apps.kernel.tenancy.context import TenantRef
from tests.conftest import Cast
from tests.feedback.test_desk_page import queries_of, write_up
from tests.feedback.test_upload_to_export import upload

MakeClient = Callable[..., Client]
HTMX = {"HX-Request": "true"}
MOST_QUERIES_A_LIST = 8


@pytest.fixture
def analyst(tenant_a: TenantRef, cast_a: Cast, client_for: MakeClient) -> Client:
    return client_for(cast_a.analyst, tenant_a)


def names(client: Client, query: str = "") -> list[str]:
    page = client.get(f"/{query}", headers=HTMX).content.decode()
    return re.findall(r'class="library__name"[^>]*>([^<]+)</a>', page)


def test_a_list_asks_the_database_equally_often_whatever_its_size(analyst: Client) -> None:
    upload(analyst, write_up(1), "first.docx")
    few = queries_of(analyst, "/")
    for number in range(12):
        upload(analyst, write_up(1 + number % 3), f"{number}.docx")
    assert queries_of(analyst, "/") == few <= MOST_QUERIES_A_LIST


def test_it_is_searched_filtered_and_sorted(
    analyst: Client, tenant_a: TenantRef, cast_a: Cast, client_for: MakeClient
) -> None:
    upload(analyst, write_up(3), "beta case.docx")
    upload(client_for(cast_a.team_lead, tenant_a), write_up(1), "Alpha case.docx")
    finished = upload(analyst, write_up(1), "gamma.docx")
    analyst.post(f"/documents/{finished}/finish/")
    assert names(analyst) == ["gamma.docx", "Alpha case.docx", "beta case.docx"]
    assert names(analyst, "?order=oldest") == ["beta case.docx", "Alpha case.docx", "gamma.docx"]
    assert names(analyst, "?q=CASE") == ["Alpha case.docx", "beta case.docx"]
    assert names(analyst, "?mine=on&q=case") == ["beta case.docx"]
    assert names(analyst, "?state=closed") == ["gamma.docx"]
    assert names(analyst, "?state=open&order=most_open") == ["beta case.docx", "Alpha case.docx"]
    assert names(analyst, "?state=open&order=author") == ["beta case.docx", "Alpha case.docx"]
    assert names(analyst, "?kind=docx&order=name") == ["Alpha case.docx", "beta case.docx", "gamma.docx"]
    assert names(analyst, "?kind=pdf") == []
    assert names(analyst, "?order=nonsense&state=nonsense&kind=nonsense") == names(analyst)
    assert "Nothing matches" in analyst.get("/?q=none+such").content.decode()


def test_what_is_wrong_with_a_file_is_told_in_the_list_and_costs_no_query_a_row(analyst: Client) -> None:
    good = upload(analyst, write_up(1), "good.docx")
    for number in range(4):
        document = upload(analyst, write_up(1), f"{number}.docx")
        Job.objects.filter(subject_id=document).update(state="failed", error_code="no_text")
        if number == 0:
            few = queries_of(analyst, "/")
    assert queries_of(analyst, "/") == few <= MOST_QUERIES_A_LIST
    rows = analyst.get("/", headers=HTMX).content.decode().split("<tr")
    assert sum("No text was found in this file." in row for row in rows) == 4
    assert not any("No text was found" in row for row in rows if str(good) in row)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("queued", "Being reviewed"),
        ("running", "Being reviewed"),
        ("failed", "Needs attention"),
        ("quarantined", "Needs attention"),
        ("completed", "To decide"),
    ],
)
def test_each_state_has_a_word(analyst: Client, state: str, words: str) -> None:
    document = upload(analyst, write_up(1), "one.docx")
    Job.objects.filter(subject_id=document).update(state=state)
    assert words in analyst.get("/", headers=HTMX).content.decode().split("<tbody>")[1]


def test_a_row_says_what_it_is_and_what_is_left_to_do(analyst: Client, cast_a: Cast) -> None:
    document = upload(analyst, write_up(2), "A & B <1>.docx")
    Document.objects.filter(pk=document).update(classification="confidential")
    Document.objects.create(name="unread.docx", uploaded_by=cast_a.analyst)
    items = Item.objects.filter(review__version__document=document, is_hidden=False)
    decided = items.order_by("-risk").first()
    assert decided is not None
    analyst.post(f"/items/{decided.id}/decide/", {"verdict": "accepted"})
    words = Document.objects.get(pk=document).current_version().word_count
    still_open = items.filter(state="open")
    page = analyst.get("/", headers=HTMX).content.decode()
    row = cells(page, "A &amp; B &lt;1&gt;.docx")
    assert row[0].endswith(f"DOCX · {words} words · Confidential")
    assert row[2] == f"{still_open.count()} / {items.count()}"
    assert row[3] == str(still_open.filter(risk="High").count() or "–")
    assert cells(page, "unread.docx")[1:4] == ["Waiting", "–", "–"]
    for item in still_open:
        analyst.post(f"/items/{item.id}/decide/", {"verdict": "rejected"})
    upload(analyst, write_up(1), "fresh.docx")
    assert cells(analyst.get("/", headers=HTMX).content.decode(), "A &amp; B &lt;1&gt;.docx")[2] == "none"
    assert names(analyst, "?order=most_open")[0] == "fresh.docx"


def cells(page: str, name: str) -> list[str]:
    """The words in each cell of this document's row."""
    row = next(row for row in re.findall(r"<tr data-document-id.*?</tr>", page, re.DOTALL) if name in row)
    found = re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", "", cell).split()) for cell in found]


def test_a_page_of_the_list_keeps_the_filter(analyst: Client, cast_a: Cast) -> None:
    first = upload(analyst, write_up(1), "case 0.docx")
    version = Document.objects.get(pk=first).current_version()
    for number in range(1, 30):
        document = Document.objects.create(name=f"case {number}.docx", uploaded_by=cast_a.analyst)
        document.versions.create(
            file_name=document.name, kind="docx", size_bytes=1, sha256=version.sha256, stored_key=f"none/{number}"
        )
    page = analyst.get("/?q=case&order=name").content.decode()
    assert "Page 1 of 2" in page
    assert "30 documents" in page
    assert "?q=case&amp;order=name&amp;page=2" in page
    assert len(names(analyst, "?q=case&order=name&page=2")) == 5


def test_one_organization_sees_nothing_of_another(
    analyst: Client, tenant_b: TenantRef, cast_b: Cast, client_for: MakeClient
) -> None:
    upload(analyst, write_up(1), "ours.docx")
    assert names(client_for(cast_b.org_admin, tenant_b)) == []


def test_a_restricted_document_is_listed_for_those_it_is_meant_for_whoever_looked_before(
    analyst: Client, tenant_a: TenantRef, cast_a: Cast, client_for: MakeClient
) -> None:
    document = upload(analyst, write_up(1), "restricted.docx")
    Document.objects.filter(pk=document).update(classification="restricted")
    viewer, lead = client_for(cast_a.viewer, tenant_a), client_for(cast_a.team_lead, tenant_a)
    for _ in range(2):
        assert names(analyst) == names(analyst, "?mine=on&kind=docx&state=open") == ["restricted.docx"]
        assert names(viewer) == names(viewer, "?kind=docx&state=open") == []
        assert names(lead) == ["restricted.docx"]
        assert names(lead, "?mine=on") == []
