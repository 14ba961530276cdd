"""What this room announces."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from apps.kernel.events.bus import Event


@dataclass(frozen=True, slots=True)
class ItemsDrafted(Event):
    """The items of a document are there to be decided on."""

    wire_name: ClassVar[str] = "feedback.drafted"
    stream_type: ClassVar[str] = "feedback.drafted"
    document_id: UUID
    review_id: UUID
    item_count: int


@dataclass(frozen=True, slots=True)
class ItemDecided(Event):
    """A person decided on an item, or took a decision back."""

    wire_name: ClassVar[str] = "feedback.decided"
    stream_type: ClassVar[str] = "feedback.decided"
    document_id: UUID
    item_id: UUID
    verdict: str
    decided_by: UUID


@dataclass(frozen=True, slots=True)
class RemarkAdded(Event):
    """A person added an item of their own."""

    wire_name: ClassVar[str] = "feedback.added"
    stream_type: ClassVar[str] = "feedback.added"
    document_id: UUID
    item_id: UUID
    added_by: UUID


@dataclass(frozen=True, slots=True)
class RemarkRemoved(Event):
    """A person removed an item of their own."""

    wire_name: ClassVar[str] = "feedback.removed"
    stream_type: ClassVar[str] = "feedback.removed"
    document_id: UUID
    item_id: UUID
    removed_by: UUID


@dataclass(frozen=True, slots=True)
class ReviewClosed(Event):
    """A person finished the review, or opened it again."""

    wire_name: ClassVar[str] = "feedback.review_closed"
    stream_type: ClassVar[str] = "feedback.review_closed"
    document_id: UUID
    review_id: UUID
    is_closed: bool
