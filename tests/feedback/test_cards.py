"""Cards and marked lines are written by code rather than by templates: nothing that a person or a model wrote becomes part of the page."""

import re
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from apps.documents.models import Section
from apps.feedback.marked_html import section_html
from apps.feedback.marking import Mark, marked_lines
from apps.feedback.models import Item
from apps.kernel.identifiers import new_id
from apps.kernel.tenancy.context import TenantRef
from tests.conftest import Cast
from tests.feedback.conftest import ReviewedDocument
from tests.feedback.test_desk_page import HTMX, write_up
from tests.feedback.test_upload_to_export import upload

HOSTILE = """</p></article><script>alert("1")</script><img src=x onerror='go()'> {0} {key} %s & &amp; " '"""
WRITTEN = ("description", "suggestion", "example", "quote", "reworded_description", "reworded_suggestion")
# A section with a paragraph and its three cards takes about 1,000; drawn from templates it took many times that.
MOST_CALLS_A_SECTION = 2_000


class _Elements(HTMLParser):
    """What a browser would make of a page: its elements, and the text between them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.handlers: list[str] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.handlers += [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.words += data


def desk(client: Client, document_id: str, query: str = "") -> str:
    answer = client.get(f"/documents/{document_id}/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("state", ["open", "accepted", "rejected"])
def test_no_word_of_an_item_becomes_part_of_the_page(reviewed: ReviewedDocument, state: str) -> None:
    before = _Elements(desk(reviewed.analyst, reviewed.id))
    item = reviewed.item()
    Item.objects.filter(pk=item.pk).update(
        **dict.fromkeys(WRITTEN, HOSTILE),
        questions=[HOSTILE],
        state=state,
        engine="both",
        model_id="<script>m</script>"[:20],
        prompt_version="<b>p</b>",
        kind=HOSTILE[:40],
        revision=1,
    )
    for page in (
        desk(reviewed.analyst, reviewed.id),
        reviewed.analyst.get(f"/items/{item.id}/", headers=HTMX).content.decode(),
    ):
        seen = _Elements(page)
        assert "<script>alert" not in page
        assert seen.handlers == before.handlers == []
        assert seen.tags.count("img") <= before.tags.count("img")
        assert seen.words.count(HOSTILE.strip()) >= 6


def test_no_word_of_the_document_becomes_part_of_the_page(reviewed: ReviewedDocument) -> None:
    section = reviewed.review.version.sections.get(index=0)
    Section.objects.filter(pk=section.pk).update(
        text=f"{HOSTILE}\n{HOSTILE} | {HOSTILE}", line_kinds=['"><script>', "table_row"], heading=HOSTILE
    )
    Item.objects.filter(section=section).update(start=3, end=30)
    page = desk(reviewed.analyst, reviewed.id)
    assert "<script>alert" not in page
    assert '"><script>' not in page
    assert _Elements(page).handlers == []
    assert _Elements(page).words.count(HOSTILE) >= 3


def test_marks_that_overlap_name_every_item_and_lead_to_the_first() -> None:
    first, second, third = new_id(), new_id(), new_id()
    marks = [Mark(first, 0, 8, "high"), Mark(second, 4, 12, "low"), Mark(third, 14, 16, "")]
    page = section_html(marked_lines("<b> & co.\nx | y", ["paragraph", "table_row"], marks))
    assert re.findall(r'<a class="mark([^"]*)" href="#item-([^"]*)" data-items="([^"]*)"[^>]*>([^<]*)</a>', page) == [
        (" mark--high", str(first), str(first), "&lt;b&gt; "),
        (" mark--high", str(first), f"{first} {second}", "&amp; co"),
        (" mark--low", str(second), str(second), "."),
        (" mark--low", str(second), str(second), "x "[:1]),
        ("", str(third), str(third), "y"),
    ]
    assert _Elements(page).words.replace("\n", "") == "<b> & co.x | y"


def test_a_card_speaks_the_reader_s_language(reviewed: ReviewedDocument, cast_a: Cast) -> None:
    reviewed.analyst.post(f"/items/{reviewed.item().id}/decide/", {"verdict": "accepted"})
    cast_a.analyst.language = "de"
    cast_a.analyst.save()
    page = desk(reviewed.analyst, reviewed.id)
    card = page.split(f'id="item-{reviewed.item().id}"', 1)[1].split("</article>", 1)[0]
    with translation.override("de"):
        for words in ("Take back", "Reject", "Reword", "Built-in rules", "Accepted", "Suggestion"):
            assert translation.gettext(words) != words
            assert translation.gettext(words) in card
    assert re.search(r"\d,\d\d", card), "confidence is written as German writes numbers"


def test_the_card_in_a_swap_is_the_card_of_the_desk(reviewed: ReviewedDocument) -> None:
    item = reviewed.item()
    for path, given in (
        ("decide", {"verdict": "rejected"}),
        ("reword", {"description": "Mine\n& only", "suggestion": ""}),
    ):
        swapped = reviewed.analyst.post(f"/items/{item.id}/{path}/", given, headers=HTMX).content.decode()
        assert without_token(card_in(swapped, item)) == without_token(
            card_in(desk(reviewed.analyst, reviewed.id), item)
        )


def card_in(page: str, item: Item) -> str:
    found = re.search(rf'<article class="[^"]*" id="item-{item.id}".*?</article>', page, re.DOTALL)
    assert found is not None
    return found.group()


def without_token(card: str) -> str:
    """A token is masked anew for each answer."""
    return re.sub(r'(name="csrfmiddlewaretoken" value=)"[^"]+"', r"\1", card)


def test_the_form_of_a_card_works_without_scripts(
    reviewed: ReviewedDocument, cast_a: Cast, tenant_a: TenantRef
) -> None:
    person = Client(enforce_csrf_checks=True, HTTP_HOST=reviewed.analyst.defaults["HTTP_HOST"])
    person.cookies = reviewed.analyst.cookies
    item = reviewed.item()
    card = card_in(desk(person, reviewed.id), item)
    given = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', card))
    assert person.post(f"/items/{item.id}/decide/", {"verdict": "accepted"}).status_code == 403
    assert person.post(f"/items/{item.id}/decide/", given | {"verdict": "accepted"}).status_code == 302
    item.refresh_from_db()
    assert item.state == "accepted"


def test_a_longer_document_costs_little_more(
    tenant_a: TenantRef, cast_a: Cast, client_for: Callable[..., Client]
) -> None:
    client = client_for(cast_a.analyst, tenant_a)
    calls = {
        sections: calls_for(client, upload(client, write_up(sections), f"{sections}.docx")) for sections in (10, 40)
    }
    assert (calls[40] - calls[10]) / 30 < MOST_CALLS_A_SECTION


def calls_for(client: Client, document_id: str) -> int:
    """How many functions of Python are called for a desk, whatever else the machine does meanwhile."""
    desk(client, document_id)
    count = 0

    def counted(frame: Any, event: str, arg: Any) -> None:
        nonlocal count
        del frame, arg
        count += event == "call"

    sys.setprofile(counted)
    try:
        desk(client, document_id)
    finally:
        sys.setprofile(None)
    return count
