"""Take back every decision of a review that is still open."""

from uuid import UUID

from django.db import transaction

from apps.accounts.models import User
from apps.feedback.choices import ItemState, Verdict
from apps.feedback.errors import ReviewClosedError
from apps.feedback.models import Item, Review
from apps.feedback.selectors import review_for
from apps.feedback.services.decide import Wording, write_decision
from apps.kernel.audit.record import record


@transaction.atomic
def revert_all(user: User, *, document_id: UUID) -> int:
    """The number of decisions taken back; own remarks stay as they are. Raises as review_for, and ReviewClosedError."""
    review = Review.objects.select_for_update().get(pk=review_for(user, document_id, need="decide").pk)
    if not review.is_open:
        raise ReviewClosedError
    decided = Item.objects.select_for_update(of=("self",)).select_related("review__version")
    count = 0
    for item in decided.filter(review=review, author__isnull=True).exclude(state=ItemState.OPEN).order_by("id"):
        count += write_decision(user, item=item, verdict=Verdict.REVERTED, wording=Wording())
    record("review.reverted", actor=user, target=document_id, detail={"count": count})
    return count
