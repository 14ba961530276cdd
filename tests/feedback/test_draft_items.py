"""Reviewing again: what people decided or wrote stays, nothing is doubled."""

from apps.feedback.models import Item
from apps.feedback.services.draft_items import draft_items
from tests.feedback.conftest import ReviewedDocument


def fingerprints() -> list[str]:
    return sorted(Item.objects.values_list("fingerprint", flat=True))


def test_reviewing_again_doubles_no_item_and_keeps_every_decision(reviewed: ReviewedDocument) -> None:
    before = fingerprints()
    accepted, rejected = reviewed.item(0), reviewed.item(1)
    reviewed.analyst.post(f"/items/{accepted.id}/decide/", {"verdict": "accepted"})
    reviewed.analyst.post(f"/items/{rejected.id}/decide/", {"verdict": "rejected"})
    assert reviewed.analyst.post(f"/documents/{reviewed.id}/again/").status_code == 302
    assert fingerprints() == before
    assert Item.objects.get(pk=accepted.pk).state == "accepted"
    assert Item.objects.get(pk=rejected.pk).state == "rejected"


def test_drafting_twice_changes_nothing(reviewed: ReviewedDocument) -> None:
    before = list(Item.objects.order_by("id").values_list("id", "revision"))
    draft_items(reviewed.review.version.document_id)
    assert list(Item.objects.order_by("id").values_list("id", "revision")) == before


def test_an_item_that_the_newest_run_no_longer_finds_goes_only_if_nobody_touched_it(reviewed: ReviewedDocument) -> None:
    untouched, touched = reviewed.item(0), reviewed.item(1)
    Item.objects.filter(pk=untouched.pk).update(fingerprint="of an older run")
    Item.objects.filter(pk=touched.pk).update(fingerprint="of an older run too")
    reviewed.analyst.post(f"/items/{touched.id}/decide/", {"verdict": "rejected"})
    draft_items(reviewed.review.version.document_id)
    assert not Item.objects.filter(pk=untouched.pk).exists()
    assert Item.objects.get(pk=touched.pk).state == "rejected"
