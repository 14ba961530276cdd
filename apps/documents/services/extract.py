"""Read the text of a document's current version, in the sandbox."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from uuid import UUID

from django.db import transaction

from apps.documents.blocks.port import FileKind
from apps.documents.extraction.sandbox import extract_in_sandbox
from apps.documents.models import Document, Version
from apps.kernel.audit.record import record
from apps.kernel.clock import now
from apps.kernel.storage.tenant_files import open_stored


def extract_text(
    document_id: UUID, *, writing: Callable[[], AbstractContextManager[None]] = transaction.atomic
) -> None:
    """Keep the text with the version, within `writing()`; doing it twice changes nothing.

    Raises a child of ExtractionError for a file that cannot be read.
    """
    version = Document.objects.get(pk=document_id).current_version()
    if version.extracted is not None:
        return
    with open_stored(version.stored_key) as file:
        text = extract_in_sandbox(file, FileKind(version.kind))
    with writing():
        kept = Version.objects.select_for_update().get(pk=version.pk)
        if kept.extracted is not None:
            return
        kept.keep_text(text)
        kept.extracted_at = now()
        kept.save()
        record("document.text_extracted", actor=None, target=document_id, detail={"words": text.word_count})
