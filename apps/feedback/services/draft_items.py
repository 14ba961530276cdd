"""Put a run's findings to people."""

from uuid import UUID

from django.db import transaction

from apps.analysis.models import Finding
from apps.analysis.selectors import newest_run
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

    What people decided or wrote stays. Items that nobody has touched and that the newest run does not find again are removed.
    """
    run = newest_run(Document.objects.get(pk=document_id).current_version())
    if run is None:
        return
    review, _ = Review.objects.get_or_create(version=run.version, defaults={"run": run})
    review = Review.objects.select_for_update().get(pk=review.pk)
    review.run = run
    review.save(update_fields=["run", "updated_at"])
    findings = list(Finding.objects.filter(run=run).order_by("ordinal"))
    found_now = {finding.fingerprint for finding in findings}
    untouched = review.items.filter(author__isnull=True, state=ItemState.OPEN, revision=0)
    untouched.exclude(fingerprint__in=found_now).delete()
    known = set(review.items.values_list("fingerprint", flat=True))
    fresh = [finding for finding in findings if finding.fingerprint not in known]
    Item.objects.bulk_create(
        Item(review=review, **{name: getattr(finding, name) for name in _COPIED}) for finding in fresh
    )
    record("review.drafted", actor=None, target=document_id, detail={"items": len(fresh)})
    publish(ItemsDrafted(document_id=document_id, review_id=review.id, item_count=len(fresh)))
