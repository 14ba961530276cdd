"""The review desk as a page: what it asks the database, what it filters, what a part of it answers."""

import html
import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.documents.word.builder import Heading, Paragraph, build
from apps.feedback.models import Item
from apps.kernel.tenancy.context import TenantRef
from tests.conftest import Cast
from tests.feedback.conftest import ReviewedDocument
from tests.feedback.test_upload_to_export import upload

HTMX = {"HX-Request": "true"}
MOST_QUERIES_A_DESK = 12


def write_up(sections: int) -> bytes:
    """A write-up with this many faulty sections."""
    return build(
        [
            part
            for number in range(sections)
            for part in (
                Heading(f"Part {number}"),
                Paragraph(
                    f"Many buyers of listing {number} were affected. TBD will follow. Training will be improved."
                ),
            )
        ]
    )


def queries_of(client: Client, url: str) -> int:
    """How many times a page asks the database, once its caches are warm."""
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    return len([one for one in asked.captured_queries if not one["sql"].startswith(("SET", "SAVEPOINT", "RELEASE"))])


def shown(page: str) -> list[str]:
    """The ids of the cards that are not hidden, in order."""
    cards = re.findall(r'<article class="item [^>]+>', page)
    return [re.search(r'id="item-([0-9a-f-]+)"', card).group(1) for card in cards if not card.endswith(" hidden>")]  # type: ignore[union-attr]


def test_the_desk_asks_the_database_equally_often_whatever_its_size(
    tenant_a: TenantRef, cast_a: Cast, client_for: Callable[..., Client]
) -> None:
    client = client_for(cast_a.analyst, tenant_a)
    small, large = upload(client, write_up(2), "small.docx"), upload(client, write_up(30), "large.docx")
    assert Item.objects.filter(review__version__document=large).count() > 5 * 2
    counts = [queries_of(client, f"/documents/{document}/") for document in (small, large)]
    assert counts[0] == counts[1] <= MOST_QUERIES_A_DESK


def test_one_card_is_drawn_with_a_fixed_number_of_queries(
    tenant_a: TenantRef, cast_a: Cast, client_for: Callable[..., Client]
) -> None:
    client = client_for(cast_a.analyst, tenant_a)
    counts = set()
    for sections in (1, 20):
        document = upload(client, write_up(sections), f"{sections}.docx")
        item = Item.objects.filter(review__version__document=document).first()
        assert item is not None
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"/items/{item.id}/", headers=HTMX).status_code == 200
        counts.add(len(asked))
    assert len(counts) == 1


@pytest.mark.parametrize(
    ("query", "fits"),
    [
        ("state=open", lambda item: item.state == "open"),
        ("state=accepted", lambda item: item.state == "accepted"),
        ("risk=High", lambda item: item.risk == "High" and item.type != "positive"),
        ("point=12", lambda item: 12 in item.points),
        ("q=training", lambda item: "training" in f"{item.description} {item.suggestion} {item.quote}".lower()),
        ("state=nonsense", lambda _: True),
        ("section=nonsense&point=x", lambda _: True),
    ],
)
def test_the_address_filters_the_items_also_without_scripts(
    reviewed: ReviewedDocument, query: str, fits: Callable[[Item], bool]
) -> None:
    reviewed.analyst.post(f"/items/{reviewed.item().id}/decide/", {"verdict": "accepted"})
    page = reviewed.analyst.get(f"/documents/{reviewed.id}/?{query}").content.decode()
    items = reviewed.review.items.filter(is_hidden=False)
    assert set(shown(page)) == {str(item.id) for item in items if fits(item)}
    assert page.count('<article class="item') == items.count()


def test_items_under_the_threshold_are_drawn_only_when_asked_for(reviewed: ReviewedDocument) -> None:
    item = reviewed.item()
    Item.objects.filter(pk=item.pk).update(is_hidden=True)
    url = f"/documents/{reviewed.id}/"
    page = reviewed.analyst.get(url).content.decode()
    assert str(item.id) not in page
    assert "1 item under the confidence threshold" in page
    assert str(item.id) in shown(reviewed.analyst.get(url + "?hidden=on").content.decode())


def test_the_text_on_the_page_is_the_sections_text_with_every_mark_in_place(reviewed: ReviewedDocument) -> None:
    page = reviewed.analyst.get(f"/documents/{reviewed.id}/").content.decode()
    for section in reviewed.review.version.sections.all():
        body = page.split(f'id="section-{section.id}"', 1)[1].split("</section>", 1)[0]
        lines = re.findall(r'<(?:p|div) class="doc-line[^>]*data-start="(\d+)"[^>]*>(.*?)</(?:p|div)>', body, re.DOTALL)
        text = "\n".join(html.unescape(re.sub(r"<[^>]+>", "", line)) for _, line in lines)
        assert text == section.text
        assert [int(start) for start, _ in lines] == [len(text[:place]) for place in line_starts(text)]
    for item in reviewed.review.items.exclude(quote="").filter(is_hidden=False):
        marked = re.findall(rf'<a class="mark[^>]*data-items="[^"]*{item.id}[^"]*"[^>]*>(.*?)</a>', page, re.DOTALL)
        assert html.unescape("".join(marked)) == item.quote.replace("\n", "")


def line_starts(text: str) -> list[int]:
    starts, place = [], 0
    for line in text.split("\n"):
        starts.append(place)
        place += len(line) + 1
    return starts


def test_the_scorecard_tells_each_point_by_number_picture_and_words(reviewed: ReviewedDocument) -> None:
    page = reviewed.analyst.get(f"/documents/{reviewed.id}/").content.decode()
    cells = re.findall(r'<a class="cell cell--([a-z_-]+)" href="#point-(\d+)".*?</a>', page, re.DOTALL)
    assert [int(number) for _, number in cells] == list(range(1, 21))
    entries = {entry.point: entry for entry in reviewed.review.run.scorecard.all()}
    for look, number in cells:
        entry = entries[int(number)]
        assert look == (f"gap-{entry.risk.lower()}" if entry.status == "gap" else entry.status)
    assert page.count('<section class="evidence') == 20


def test_a_decision_in_a_swap_brings_the_card_and_the_counts(reviewed: ReviewedDocument) -> None:
    item = reviewed.item()
    answer = reviewed.analyst.post(
        f"/items/{item.id}/decide/", {"verdict": "accepted", "revision": "0"}, headers=HTMX
    ).content.decode()
    assert f'id="item-{item.id}"' in answer
    assert 'data-state="accepted"' in answer
    assert 'id="desk-counts" hx-swap-oob="innerHTML"' in answer
    assert 'data-accepted="1"' in answer


def test_a_refusal_in_a_swap_is_a_sentence_and_no_page(reviewed: ReviewedDocument) -> None:
    item = reviewed.item()
    reviewed.analyst.post(f"/documents/{reviewed.id}/finish/")
    answer = reviewed.analyst.post(f"/items/{item.id}/decide/", {"verdict": "accepted"}, headers=HTMX)
    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"] == "This review is finished. Reopen it to change a decision."


def test_a_rewording_on_a_newer_decision_keeps_both_and_overwrites_none(reviewed: ReviewedDocument) -> None:
    item = reviewed.item()
    reviewed.team_lead.post(
        f"/items/{item.id}/reword/", {"description": "By the lead", "suggestion": "", "revision": "0"}, headers=HTMX
    )
    mine = {"description": "By the analyst", "suggestion": "", "revision": "0"}
    answer = reviewed.analyst.post(f"/items/{item.id}/reword/", mine, headers=HTMX).content.decode()
    assert "By the lead" in answer
    assert "By the analyst</textarea>" in answer
    item.refresh_from_db()
    assert item.reworded_description == "By the lead"
    reviewed.analyst.post(f"/items/{item.id}/reword/", mine | {"revision": str(item.revision)}, headers=HTMX)
    item.refresh_from_db()
    assert item.reworded_description == "By the analyst"


def test_a_removed_remark_is_told_to_every_desk(reviewed: ReviewedDocument) -> None:
    section = reviewed.review.version.sections.first()
    assert section is not None
    given = {"section": str(section.id), "start": 0, "end": 0, "description": "Mine", "type": "question", "risk": "Low"}
    answer = reviewed.analyst.post(f"/documents/{reviewed.id}/remarks/", given, headers=HTMX)
    item = reviewed.review.items.get(author__isnull=False)
    assert answer.status_code == 204
    assert str(item.id) in answer["HX-Trigger"]
    reviewed.analyst.post(f"/items/{item.id}/remove/", headers=HTMX)
    assert [line["item_id"] for line in reviewed.news("feedback.removed")] == [str(item.id)]


def test_the_preview_is_what_the_file_will_hold(reviewed: ReviewedDocument) -> None:
    url = f"/documents/{reviewed.id}/preview/"
    assert "Nothing is accepted" in reviewed.analyst.get(url, headers=HTMX).content.decode()
    reviewed.analyst.post(f"/items/{reviewed.item().id}/decide/", {"verdict": "accepted"})
    part = reviewed.analyst.get(url, headers=HTMX).content.decode()
    assert "will hold <strong>1 comment</strong>" in part
    assert "<html" not in part
    assert "<html" in reviewed.analyst.get(url).content.decode()
    assert reviewed.viewer.get(url).status_code == 403
