"""What this room announces."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from apps.kernel.events.bus import Event


@dataclass(frozen=True, slots=True)
class DocumentUploaded(Event):
    """A file is stored and its document exists."""

    wire_name: ClassVar[str] = "document.uploaded"
    stream_type: ClassVar[str] = "document.uploaded"
    document_id: UUID
    uploaded_by: UUID


@dataclass(frozen=True, slots=True)
class DocumentSectioned(Event):
    """A document's text is divided into sections."""

    wire_name: ClassVar[str] = "document.sectioned"
    document_id: UUID
    version_id: UUID
    section_count: int


@dataclass(frozen=True, slots=True)
class DocumentPurged(Event):
    """A document and its files are gone."""

    wire_name: ClassVar[str] = "document.purged"
    stream_type: ClassVar[str] = "document.purged"
    document_id: UUID
    stored_keys: tuple[str, ...]
