"""Add a remark of one's own on the exact words, or on a whole section."""

from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from apps.accounts.models import User
from apps.analysis.rules.port import ItemType, Risk
from apps.feedback.choices import ItemState
from apps.feedback.errors import ReviewClosedError, SpanOutsideError
from apps.feedback.events import RemarkAdded, RemarkRemoved
from apps.feedback.models import Item, Review
from apps.feedback.policies import may_remove_remark
from apps.feedback.selectors import item_for, review_for
from apps.kernel.audit.record import record
from apps.kernel.errors import NotAllowedError, NotFoundError
from apps.kernel.events.bus import publish
from apps.kernel.identifiers import new_id


@dataclass(frozen=True, slots=True)
class Remark:
    """What a person writes. start and end are code points of the section's text; equal means the section as a whole."""

    section_id: UUID
    start: int
    end: int
    description: str
    suggestion: str = ""
    type: ItemType = ItemType.SUGGESTION
    risk: Risk = Risk.LOW
    points: tuple[int, ...] = ()


@transaction.atomic
def add_remark(user: User, *, document_id: UUID, remark: Remark) -> Item:
    """The new item, accepted from the start: its author wants it written. Raises as review_for, ReviewClosedError, SpanOutsideError."""
    review = Review.objects.select_for_update().get(pk=review_for(user, document_id, need="decide").pk)
    if not review.is_open:
        raise ReviewClosedError
    section = review.version.sections.filter(pk=remark.section_id).first()
    if section is None:
        raise NotFoundError
    if not 0 <= remark.start <= remark.end <= len(section.text):
        raise SpanOutsideError
    item_id = new_id()
    item = Item.objects.create(
        id=item_id,
        review=review,
        section=section,
        fingerprint=str(item_id),
        points=list(remark.points),
        type=remark.type,
        risk=remark.risk,
        start=remark.start,
        end=remark.end,
        quote=section.text[remark.start : remark.end],
        description=remark.description,
        suggestion=remark.suggestion,
        author=user,
        state=ItemState.ACCEPTED,
    )
    record("item.added", actor=user, target=document_id, detail={"item": str(item.id)})
    publish(RemarkAdded(document_id=document_id, item_id=item.id, added_by=user.id))
    return item


@transaction.atomic
def remove_remark(user: User, *, item_id: UUID) -> None:
    """Delete a remark of one's own. Raises NotFoundError, NotAllowedError, ReviewClosedError."""
    item = item_for(user, item_id, need="decide")
    if not may_remove_remark(user, item.review.version.document, item):
        raise NotAllowedError
    if not Review.objects.select_for_update().get(pk=item.review_id).is_open:
        raise ReviewClosedError
    document_id = item.review.version.document_id
    item.delete()
    record("item.removed", actor=user, target=document_id, detail={"item": str(item_id)})
    publish(RemarkRemoved(document_id=document_id, item_id=item_id, removed_by=user.id))
