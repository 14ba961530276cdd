"""Remarks of one's own: on exact words or on a section, and only one's own to take away."""

from typing import Any

import pytest
from django.test import Client

from apps.documents.models import Section
from apps.feedback.models import Item
from tests.feedback.conftest import ReviewedDocument


def first_section(reviewed: ReviewedDocument) -> Section:
    return reviewed.review.version.sections.get(index=0)


def add(client: Client, reviewed: ReviewedDocument, **given: Any) -> int:
    section = first_section(reviewed)
    start = section.text.index("Many buyers")
    words = {
        "section": str(section.id),
        "start": start,
        "end": start + 11,
        "description": "How many?",
        "type": "question",
        "risk": "Low",
    }
    return client.post(f"/documents/{reviewed.id}/remarks/", words | given).status_code


def test_a_remark_on_exact_words_is_accepted_recorded_and_told(reviewed: ReviewedDocument) -> None:
    assert add(reviewed.analyst, reviewed, points=["1", "13"]) == 302
    item = Item.objects.get(author__isnull=False)
    assert (item.quote, item.state, item.type, item.points) == ("Many buyers", "accepted", "question", [1, 13])
    assert reviewed.deeds() == ["item.added"]
    assert reviewed.news("feedback.added")[0]["item_id"] == str(item.id)


def test_equal_ends_mean_the_section_as_a_whole(reviewed: ReviewedDocument) -> None:
    assert add(reviewed.analyst, reviewed, start=0, end=0) == 302
    assert Item.objects.get(author__isnull=False).quote == ""


@pytest.mark.parametrize(
    "given",
    [{"start": 5, "end": 3}, {"start": 0, "end": 100_000}, {"start": -1}, {"description": ""}, {"risk": "Huge"}],
)
def test_a_remark_that_cannot_be_placed_or_read_is_refused(reviewed: ReviewedDocument, given: dict[str, Any]) -> None:
    assert add(reviewed.analyst, reviewed, **given) in {302, 400}
    assert not Item.objects.filter(author__isnull=False).exists()
    assert add(reviewed.analyst, reviewed) == 302
    assert Item.objects.filter(author__isnull=False).count() == 1


def test_a_section_of_another_document_is_not_found(reviewed: ReviewedDocument) -> None:
    assert add(reviewed.analyst, reviewed, section="0190c000-0000-7000-8000-000000000001") == 404
    assert not Item.objects.filter(author__isnull=False).exists()


@pytest.mark.parametrize(("who", "status"), [("viewer", 403), ("stranger", 404)])
def test_who_may_not_decide_adds_nothing(reviewed: ReviewedDocument, who: str, status: int) -> None:
    assert add(getattr(reviewed, who), reviewed) == status
    assert not Item.objects.filter(author__isnull=False).exists()


def test_only_its_author_removes_a_remark(reviewed: ReviewedDocument) -> None:
    add(reviewed.analyst, reviewed)
    item = Item.objects.get(author__isnull=False)
    assert reviewed.team_lead.post(f"/items/{item.id}/remove/").status_code == 403
    assert reviewed.stranger.post(f"/items/{item.id}/remove/").status_code == 404
    assert reviewed.analyst.post(f"/items/{item.id}/remove/").status_code == 302
    assert not Item.objects.filter(pk=item.pk).exists()
    assert reviewed.deeds() == ["item.added", "item.removed"]


def test_an_engines_item_cannot_be_removed(reviewed: ReviewedDocument) -> None:
    item = reviewed.item()
    assert reviewed.analyst.post(f"/items/{item.id}/remove/").status_code == 403
    assert Item.objects.filter(pk=item.pk).exists()


def test_a_finished_review_takes_no_remark_and_loses_none(reviewed: ReviewedDocument) -> None:
    add(reviewed.analyst, reviewed)
    item = Item.objects.get(author__isnull=False)
    reviewed.analyst.post(f"/documents/{reviewed.id}/finish/")
    assert add(reviewed.analyst, reviewed) == 409
    assert reviewed.analyst.post(f"/items/{item.id}/remove/").status_code == 409
    assert Item.objects.filter(author__isnull=False).count() == 1
