"""Decide on an item: accept, reject, reword, or take the decision back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.accounts.models import User
from apps.feedback.choices import ItemState, Verdict
from apps.feedback.errors import ReviewClosedError, StaleItemError
from apps.feedback.events import ItemDecided
from apps.feedback.models import Decision, Item, Review
from apps.feedback.selectors import item_for
from apps.kernel.audit.record import record
from apps.kernel.clock import now
from apps.kernel.errors import NotFoundError
from apps.kernel.events.bus import publish

_OUTCOME = {
    Verdict.ACCEPTED: ItemState.ACCEPTED,
    Verdict.REWORDED: ItemState.ACCEPTED,
    Verdict.REJECTED: ItemState.REJECTED,
    Verdict.REVERTED: ItemState.OPEN,
}


@dataclass(frozen=True, slots=True)
class Wording:
    """What a person writes with a decision; empty texts keep the item's own."""

    description: str = ""
    suggestion: str = ""
    note: str = ""


@transaction.atomic
def decide(
    user: User, *, item_id: UUID, verdict: Verdict, wording: Wording | None = None, expected_revision: int | None = None
) -> Item:
    """Write the decision and return the item. The same decision again is no new one.

    Raises NotFoundError, NotAllowedError, ReviewClosedError, and StaleItemError when `expected_revision` is not the item's.
    """
    seen = item_for(user, item_id, need="decide")
    # The review first, then its items: deeds on a whole review lock in this order too, so that no two wait for each other.
    if not Review.objects.select_for_update().get(pk=seen.review_id).is_open:
        raise ReviewClosedError
    item = (
        Item.objects.select_for_update(of=("self",))
        .select_related("review__version", "section", "author")
        .filter(pk=item_id)
        .first()
    )
    if item is None:
        raise NotFoundError
    if expected_revision is not None and expected_revision != item.revision:
        raise StaleItemError
    write_decision(user, item=item, verdict=verdict, wording=wording or Wording())
    return item


def write_decision(
    user: User, *, item: Item, verdict: Verdict, wording: Wording, decided_at: datetime | None = None
) -> bool:
    """The decision on a locked item in the caller's transaction; False when it changes nothing."""
    reworded = (wording.description, wording.suggestion) if verdict == Verdict.REWORDED else ("", "")
    after = (_OUTCOME[verdict], *reworded)
    if after == (item.state, item.reworded_description, item.reworded_suggestion):
        return False
    item.state, item.reworded_description, item.reworded_suggestion = after
    item.revision += 1
    item.save(update_fields=["state", "reworded_description", "reworded_suggestion", "revision", "updated_at"])
    Decision.objects.create(
        item=item,
        revision=item.revision,
        verdict=verdict,
        decided_by=user,
        description=reworded[0],
        suggestion=reworded[1],
        note=wording.note,
        decided_at=decided_at or now(),
    )
    document_id = item.review.version.document_id
    record(
        f"item.{verdict}",
        actor=user,
        target=document_id,
        detail={"item": str(item.id), "points": ",".join(map(str, item.points))},
    )
    publish(ItemDecided(document_id=document_id, item_id=item.id, verdict=verdict, decided_by=user.id))
    return True
