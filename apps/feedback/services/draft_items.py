"""Put a run's findings to people."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction

from apps.analysis.models import Finding
from apps.analysis.selectors import run_to_draft
from apps.documents.models import Document
from apps.feedback.choices import ItemState
from apps.feedback.events import ItemsDrafted
from apps.feedback.models import Item, Review
from apps.kernel.audit.record import record
from apps.kernel.events.bus import publish

_COPIED = (
    "section_id",
    "fingerprint",
    "points",
    "type",
    "risk",
    "confidence",
    "start",
    "end",
    "quote",
    "kind",
    "description",
    "suggestion",
    "example",
    "questions",
    "engine",
    "model_id",
    "prompt_version",
    "is_cached",
    "is_hidden",
)


@transaction.atomic
def draft_items(document_id: UUID) -> None:
    """Make the review of the newest run, or bring it up to date; doing it twice changes nothing.

    What people decided or wrote stays. Items that nobody has touched and that the newest run does not find again are removed;
    those that it finds again say who found them this time.
    """
    run = run_to_draft(Document.objects.get(pk=document_id).current_version())
    if run is None:
        return
    review, is_new = Review.objects.get_or_create(version=run.version, defaults={"run": run})
    review = Review.objects.select_for_update().get(pk=review.pk)
    review.run = run
    review.save(update_fields=["run", "updated_at"])
    findings = list(Finding.objects.filter(run=run).order_by("ordinal"))
    found_now = {finding.fingerprint: finding for finding in findings}
    untouched = review.items.filter(author__isnull=True, state=ItemState.OPEN, revision=0)
    gone, _ = untouched.exclude(fingerprint__in=found_now).delete()
    refreshed = _refreshed(untouched.filter(fingerprint__in=found_now), found_now)
    Item.objects.bulk_update(refreshed, _COPIED)
    known = set(review.items.values_list("fingerprint", flat=True))
    fresh = [finding for finding in findings if finding.fingerprint not in known]
    Item.objects.bulk_create(
        Item(review=review, **{name: getattr(finding, name) for name in _COPIED}) for finding in fresh
    )
    if not (is_new or fresh or gone or refreshed):
        return
    record("review.drafted", actor=None, target=document_id, detail={"items": len(fresh)})
    publish(ItemsDrafted(document_id=document_id, review_id=review.id, item_count=len(fresh)))


def _refreshed(items: Iterable[Item], found_now: dict[str, Finding]) -> list[Item]:
    """The items of which the newest run says anything else, for example that a second engine found them too."""
    changed = []
    for item in items:
        finding = found_now[item.fingerprint]
        if any(getattr(item, name) != getattr(finding, name) for name in _COPIED):
            for name in _COPIED:
                setattr(item, name, getattr(finding, name))
            changed.append(item)
    return changed
