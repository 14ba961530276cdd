"""Take back every decision of a review that is still open, and put them back again."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from apps.accounts.models import User
from apps.feedback.choices import ItemState, Verdict
from apps.feedback.errors import NothingToUndoError, ReviewClosedError
from apps.feedback.models import Item, Review
from apps.feedback.selectors import review_for, taken_back_by
from apps.feedback.services.decide import Wording, write_decision
from apps.kernel.audit.record import record
from apps.kernel.clock import now


@dataclass(frozen=True, slots=True)
class TakenBack:
    """How many decisions were taken back, all at the one moment by which the deed is found again."""

    count: int
    at: datetime


@dataclass(frozen=True, slots=True)
class PutBack:
    """How many decisions stand again, and how many items were left alone because somebody has decided on them since."""

    count: int
    left_count: int


@transaction.atomic
def revert_all(user: User, *, document_id: UUID) -> TakenBack:
    """Take every decision back; own remarks stay as they are. Raises as review_for, and ReviewClosedError."""
    review = _locked(user, document_id)
    taken_back = 0
    moment = now()
    for item in _items(review).filter(author__isnull=True).exclude(state=ItemState.OPEN):
        taken_back += write_decision(user, item=item, verdict=Verdict.REVERTED, wording=Wording(), decided_at=moment)
    record("review.reverted", actor=user, target=document_id, detail={"count": taken_back})
    return TakenBack(count=taken_back, at=moment)


@transaction.atomic
def undo_revert_all(user: User, *, document_id: UUID, at: datetime | None) -> PutBack:
    """Decide again, as new decisions, what this person took back at that moment; what has been decided on since is left alone.

    Raises as review_for, ReviewClosedError, and NothingToUndoError when this person took nothing back at that moment, or None.
    """
    review = _locked(user, document_id)
    if at is None:
        raise NothingToUndoError
    revisions = dict(taken_back_by(user, review=review, at=at).values_list("item_id", "revision"))
    if not revisions:
        raise NothingToUndoError
    put_back = 0
    for item in _items(review).filter(pk__in=revisions):
        if item.revision == revisions[item.pk]:
            put_back += _put_back(user, item)
    if put_back:
        record("review.restored", actor=user, target=document_id, detail={"count": put_back})
    return PutBack(count=put_back, left_count=len(revisions) - put_back)


def _locked(user: User, document_id: UUID) -> Review:
    review = Review.objects.select_for_update().get(pk=review_for(user, document_id, need="decide").pk)
    if not review.is_open:
        raise ReviewClosedError
    return review


def _items(review: Review) -> QuerySet[Item]:
    locked = Item.objects.select_for_update(of=("self",)).select_related("review__version")
    return locked.filter(review=review).order_by("id")


def _put_back(user: User, item: Item) -> bool:
    """The decision before the last one, once more."""
    before = item.decisions.filter(revision=item.revision - 1).first()
    if before is None:
        return False
    wording = Wording(description=before.description, suggestion=before.suggestion)
    return write_decision(user, item=item, verdict=Verdict(before.verdict), wording=wording)
