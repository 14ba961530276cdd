"""Make the reviewed Word file of a review."""

from pathlib import PurePath
from typing import IO
from uuid import UUID

from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery

from apps.accounts.models import User
from apps.documents.blocks.port import FileKind
from apps.feedback.errors import NothingToExportError
from apps.feedback.exporters.places import places_of
from apps.feedback.exporters.port import AcceptedItem, ReviewSnapshot
from apps.feedback.exporters.word_comments import reviewed_word_file
from apps.feedback.models import Decision, Export, Item, Review
from apps.feedback.selectors import accepted_items, decisions_digest, review_for
from apps.kernel.audit.record import record
from apps.kernel.clock import now
from apps.kernel.identifiers import new_id
from apps.kernel.storage.tenant_files import delete_stored, open_stored, store

BRAND = "AI-Prism"


def make_word_file(user: User, *, document_id: UUID) -> Export:
    """The new export; the original is never changed.

    Raises as review_for, NothingToExportError, StorageFullError.
    """
    review = review_for(user, document_id, need="decide")
    with transaction.atomic():
        # Whoever decides locks the review too: the items and their digest are of one moment.
        Review.objects.select_for_update().get(pk=review.pk)
        snapshot, digest = snapshot_of(review), decisions_digest(review)
    if not snapshot.items:
        raise NothingToExportError
    export_id = new_id()
    with word_file_of(review, snapshot) as content:
        stored = store("exports", export_id, content)
    try:
        with transaction.atomic():
            export = Export.objects.create(
                id=export_id,
                review=review,
                file_name=reviewed_name(review.version.file_name),
                stored_key=stored.key,
                size_bytes=stored.size,
                sha256=stored.sha256,
                comment_count=len(snapshot.items),
                decisions_digest=digest,
                made_by=user,
            )
            record(
                "review.exported",
                actor=user,
                target=document_id,
                detail={"comments": len(snapshot.items), "sha256": stored.sha256},
            )
    except BaseException:
        # Not to handle it, only to leave no orphan behind.
        delete_stored(stored.key)
        raise
    return export


def word_file_of(review: Review, snapshot: ReviewSnapshot) -> IO[bytes]:
    """The reviewed file, to be closed by the caller."""
    with open_stored(review.version.stored_key) as original:
        return reviewed_word_file(
            snapshot, original=original, kind=FileKind(review.version.kind), text=review.version.text()
        )


def snapshot_of(review: Review, items: QuerySet[Item] | None = None) -> ReviewSnapshot:
    """The accepted items as plain values, or those given."""
    framework = review.run.framework.text()
    titles = framework.titles()
    newest = Decision.objects.filter(item=OuterRef("pk")).order_by("-revision")
    chosen = (accepted_items(review) if items is None else items).annotate(
        decided_by_name=Subquery(newest.values("decided_by__name")[:1]),
        decided_at=Subquery(newest.values("decided_at")[:1]),
    )
    return ReviewSnapshot(
        document_name=review.version.document.name,
        framework_title=framework.title,
        items=tuple(_accepted(item, titles) for item in chosen),
    )


def reviewed_name(file_name: str) -> str:
    """`report.docx` becomes `report (reviewed).docx`, whatever the ending was."""
    return f"{PurePath(file_name).stem[:230]} (reviewed).docx"


def _accepted(item: Item, titles: dict[int, str]) -> AcceptedItem:
    author = author_of(item)
    return AcceptedItem(
        type=item.type,
        risk=item.risk,
        description=item.shown_description,
        suggestion=item.shown_suggestion,
        example=item.example,
        questions=tuple(item.questions),
        points=tuple((number, titles.get(number, "")) for number in item.points),
        author=author,
        initials=initials_of(author),
        at=getattr(item, "decided_at", None) or item.created_at or now(),
        section=item.section.heading,
        places=places_of(item.section.spans, start=item.start, end=item.end, heading_path=item.section.heading_path),
    )


def author_of(item: Item) -> str:
    """A person for what a person wrote or reworded, else the engine by its name."""
    if item.author is not None:
        return item.author.name or item.author.email
    if item.reworded_description or item.reworded_suggestion:
        return getattr(item, "decided_by_name", "") or BRAND
    engines = f"rules + {item.model_id}" if item.engine == "both" else item.model_id or item.engine
    return f"{BRAND} ({engines})"


def initials_of(author: str) -> str:
    """Up to three letters: "AI" for an engine, else a person's."""
    if author.startswith(BRAND):
        return "AI"
    return "".join(word[0] for word in author.split() if word[0].isalnum())[:3].upper() or "?"
