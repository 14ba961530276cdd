"""The only door to reviews and items."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from apps.accounts.models import User
from apps.analysis.rules.port import Risk
from apps.documents.models import Document, Version
from apps.documents.policies import may_view
from apps.documents.selectors import document_for
from apps.feedback.choices import ItemState, Verdict
from apps.feedback.errors import ReviewNotReadyError
from apps.feedback.models import Decision, Export, Item, Review
from apps.feedback.policies import may_decide, may_take_word_file
from apps.kernel.errors import NotAllowedError, NotFoundError
from apps.kernel.kept_queries import KeptQuery

_NOT_SHOWN = frozenset({"fingerprint", "updated_at"})


@dataclass(frozen=True, slots=True)
class ReviewCounts:
    """How far a review has come; hidden items are counted apart."""

    open: int
    accepted: int
    rejected: int
    own: int
    hidden: int

    @property
    def total(self) -> int:
        """All items that are shown."""
        return self.open + self.accepted + self.rejected

    @property
    def decided(self) -> int:
        """Items with a decision."""
        return self.accepted + self.rejected

    @property
    def percent(self) -> int:
        """How much is decided, 0-100; 100 only when nothing is open."""
        return 100 * self.decided // self.total if self.total else 0


@dataclass(frozen=True, slots=True)
class ExportPreview:
    """What the Word file would hold, before it is made."""

    comment_count: int
    by_risk: dict[str, int]
    own_count: int
    reworded_count: int
    open_count: int
    rejected_count: int
    hidden_count: int


def review_for(user: User, document_id: UUID, *, need: Literal["view", "decide"]) -> Review:
    """The review of a document's current version; NotFoundError, NotAllowedError, ReviewNotReadyError."""
    return _found(user, document_id, need=need, is_whole=True)


def item_for(user: User, item_id: UUID, *, need: Literal["view", "decide"]) -> Item:
    """One item with its review, document and section; NotFoundError when absent or hidden from this person."""
    found = (
        Item.objects.select_related("review__version__document", "review__run", "section", "author")
        .defer("review__version__extracted", "review__run__defects")
        .filter(pk=item_id)
        .first()
    )
    if found is None:
        raise NotFoundError
    document = document_for(user, found.review.version.document_id, need="view")
    if need == "decide" and not may_decide(user, document):
        raise NotAllowedError
    return found


def items_of(review: Review) -> QuerySet[Item]:
    """In reading order, with authors and sections, but not the sections' text, which would come once for each item."""
    found = review.items.select_related("section", "author").defer("section__text", "section__line_kinds")
    return found.order_by("section__index", "start", "id")


def shown_items_for(user: User, document_id: UUID) -> KeptQuery[Item]:
    """shown_items() of a document's review, without the rest of the review. Raises what review_for() does."""
    return shown_items(_found(user, document_id, need="view", is_whole=False))


def shown_items(review: Review) -> KeptQuery[Item]:
    """The same items for a list: of author and section only what it shows."""
    return KeptQuery(Item, _shown_in, values={"review_id": review.pk}, known={"review": review})


def counts_of(review: Review) -> ReviewCounts:
    """One query."""
    shown = Q(is_hidden=False) | ~Q(state=ItemState.OPEN)
    row = review.items.aggregate(
        open=Count("id", filter=shown & Q(state=ItemState.OPEN)),
        accepted=Count("id", filter=Q(state=ItemState.ACCEPTED)),
        rejected=Count("id", filter=Q(state=ItemState.REJECTED)),
        own=Count("id", filter=Q(author__isnull=False)),
        hidden=Count("id", filter=Q(is_hidden=True, state=ItemState.OPEN)),
    )
    return ReviewCounts(**row)


def accepted_items(review: Review) -> QuerySet[Item]:
    """Those that go into the Word file."""
    return items_of(review).filter(state=ItemState.ACCEPTED)


def counts_in(items: Sequence[Item]) -> ReviewCounts:
    """The same as counts_of, from all items of a review that are loaded already."""
    states = Counter(item.state for item in items)
    hidden = sum(item.is_hidden and item.state == ItemState.OPEN for item in items)
    return ReviewCounts(
        open=states[ItemState.OPEN] - hidden,
        accepted=states[ItemState.ACCEPTED],
        rejected=states[ItemState.REJECTED],
        own=sum(item.is_own_remark for item in items),
        hidden=hidden,
    )


def preview_of(review: Review) -> ExportPreview:
    """What would be written now."""
    return preview_in(list(items_of(review)))


def preview_in(items: Sequence[Item]) -> ExportPreview:
    """The same as preview_of, from all items of a review that are loaded already."""
    accepted = [item for item in items if item.state == ItemState.ACCEPTED]
    counts = counts_in(items)
    return ExportPreview(
        comment_count=len(accepted),
        by_risk=dict(Counter(item.risk for item in accepted)),
        own_count=sum(item.is_own_remark for item in accepted),
        reworded_count=sum(bool(item.reworded_description or item.reworded_suggestion) for item in accepted),
        open_count=counts.open,
        rejected_count=counts.rejected,
        hidden_count=counts.hidden,
    )


def decisions_digest(review: Review) -> str:
    """Changes with any decision: an export with another digest is out of date."""
    return digest_in(list(review.items.only("id", "revision", "state")))


def digest_in(items: Sequence[Item]) -> str:
    """The same as decisions_digest, from all items of a review that are loaded already."""
    rows = sorted((str(item.id), item.revision, item.state) for item in items)
    return hashlib.sha256("\n".join(f"{a} {b} {c}" for a, b, c in rows).encode()).hexdigest()


def newest_export(review: Review) -> Export | None:
    """The last file that was made."""
    return KeptQuery(Export, _made_of, values={"review_id": review.pk}).first()


def exports_of(review: Review) -> QuerySet[Export]:
    """Every file that was made, newest first, with who made it."""
    return review.exports.select_related("made_by", "review__version").order_by("-id")


def export_for(user: User, export_id: UUID) -> Export:
    """One file for download; NotFoundError when absent or hidden, NotAllowedError for those who may only read."""
    export = Export.objects.select_related("review__version__document", "made_by").filter(pk=export_id).first()
    if export is None:
        raise NotFoundError
    document = document_for(user, export.review.version.document_id, need="view")
    if not may_take_word_file(user, document):
        raise NotAllowedError
    return export


def decisions_of(item: Item) -> QuerySet[Decision]:
    """Oldest first, with who decided."""
    return item.decisions.select_related("decided_by").order_by("revision")


def taken_back_by(user: User, *, review: Review, at: datetime) -> QuerySet[Decision]:
    """The decisions by which this person took others back at exactly this moment."""
    return Decision.objects.filter(item__review=review, decided_by=user, decided_at=at, verdict=Verdict.REVERTED)


def undoable_count(user: User, *, review: Review, at: datetime) -> int:
    """How many of them can be undone: nobody has decided on their items since. One query."""
    return taken_back_by(user, review=review, at=at).filter(revision=F("item__revision")).count()


def with_review_counts(documents: QuerySet[Document]) -> QuerySet[Document]:
    """The documents with `review_state` of their review and `item_counts` {"all", "open", "high"} of its shown items, or None."""
    reviews = Review.objects.filter(version__document=OuterRef("pk")).order_by("-created_at")
    items = Item.objects.filter(review__version__document=OuterRef("pk"), is_hidden=False).order_by()
    is_open = Q(state=ItemState.OPEN)
    counted = JSONObject(
        all=Count("id"), open=Count("id", filter=is_open), high=Count("id", filter=is_open & Q(risk=Risk.HIGH))
    )
    return documents.annotate(
        review_state=Subquery(reviews.values("state")[:1]),
        item_counts=Subquery(items.values("review__version__document").annotate(n=counted).values("n")),
    )


def _found(user: User, document_id: UUID, *, need: Literal["view", "decide"], is_whole: bool) -> Review:
    review = KeptQuery(Review, _of_document, (is_whole,), {"document_id": document_id}).first()
    document = review.version.document if review is not None else document_for(user, document_id, need="view")
    if not may_view(user, document):
        raise NotFoundError
    if need == "decide" and not may_decide(user, document):
        raise NotAllowedError
    if review is None:
        raise ReviewNotReadyError
    return review


def _of_document(is_whole: bool, *, document_id: UUID) -> QuerySet[Review]:  # noqa: FBT001 - the shape of a kept query
    current = Version.objects.filter(document=document_id).order_by("-number").values("pk")[:1]
    found = Review.objects.filter(version=Subquery(current)).select_related("version__document")
    # What may be large and is shown nowhere is not fetched with each decision and each look.
    if is_whole:
        return found.select_related("run__framework", "closed_by").defer("version__extracted", "run__defects")
    return found.defer("version__extracted", "version__notices")


def _shown_in(*, review_id: UUID) -> QuerySet[Item]:
    columns = [field.name for field in Item._meta.concrete_fields if field.name not in _NOT_SHOWN]  # noqa: SLF001
    found = Item.objects.filter(review=review_id).select_related("author").only(*columns, "author__name")
    # Under its path, as lists are ordered by it: a section for each item would be made for this number alone.
    return found.annotate(section__index=F("section__index"))


def _made_of(*, review_id: UUID) -> QuerySet[Export]:
    return Export.objects.filter(review=review_id).order_by("-created_at")[:1]
