"""Finish a review, or open it again."""

from uuid import UUID

from django.db import transaction

from apps.accounts.models import User
from apps.feedback.choices import ReviewState
from apps.feedback.events import ReviewClosed
from apps.feedback.models import Review
from apps.feedback.selectors import review_for
from apps.kernel.audit.record import record
from apps.kernel.clock import now
from apps.kernel.events.bus import publish


@transaction.atomic
def close_review(user: User, *, document_id: UUID) -> Review:
    """Nobody can decide until it is reopened; finishing twice is finishing once. Raises as review_for."""
    return _set(user, document_id, is_closed=True)


@transaction.atomic
def reopen_review(user: User, *, document_id: UUID) -> Review:
    """People may decide again. Raises as review_for."""
    return _set(user, document_id, is_closed=False)


def _set(user: User, document_id: UUID, *, is_closed: bool) -> Review:
    found = review_for(user, document_id, need="decide")
    review = (
        Review.objects.select_for_update(of=("self",))
        .select_related("version__document", "run__framework")
        .get(pk=found.pk)
    )
    if review.is_open != is_closed:
        return review
    review.state = ReviewState.CLOSED if is_closed else ReviewState.OPEN
    review.closed_at = now() if is_closed else None
    review.closed_by = user if is_closed else None
    review.save(update_fields=["state", "closed_at", "closed_by", "updated_at"])
    record("review.closed" if is_closed else "review.reopened", actor=user, target=document_id, detail={})
    publish(ReviewClosed(document_id=document_id, review_id=review.id, is_closed=is_closed))
    return review
