"""Upload a document: store the bytes, encrypted, and announce it. The reading is a job's work."""

from pathlib import PurePosixPath, PureWindowsPath
from typing import IO

from django.conf import settings
from django.db import transaction

from apps.accounts.capabilities import Capability
from apps.accounts.models import User
from apps.accounts.policies import require
from apps.documents.blocks.cleaning import clean_text
from apps.documents.choices import Classification
from apps.documents.errors import UploadTooLargeError
from apps.documents.events import DocumentUploaded
from apps.documents.extraction.sniffing import sniff
from apps.documents.models import Document, Version
from apps.kernel.audit.record import record
from apps.kernel.events.bus import publish
from apps.kernel.identifiers import new_id
from apps.kernel.storage.tenant_files import delete_stored, store

_LONGEST_NAME = 255


def upload_document(
    user: User, *, file_name: str, content: IO[bytes], size_bytes: int, classification: str = Classification.INTERNAL
) -> Document:
    """Store the file and return its document; a job reads it afterwards.

    Raises NotAllowedError, UploadTooLargeError, a child of ExtractionError for content that is no supported file, or
    StorageFullError. A refused upload leaves nothing behind.
    """
    require(user, Capability.UPLOAD_DOCUMENTS)
    if size_bytes > settings.UPLOAD_MAX_BYTES:
        raise UploadTooLargeError(limit_mb=settings.UPLOAD_MAX_BYTES // (1024 * 1024))
    name = safe_file_name(file_name)
    kind = sniff(content, file_name=name)
    content.seek(0)
    document = Document(id=new_id(), name=name, classification=Classification(classification), uploaded_by=user)
    stored = store("originals", document.id, content)
    try:
        with transaction.atomic():
            document.save(force_insert=True)
            Version.objects.create(
                document=document,
                file_name=name,
                kind=kind,
                size_bytes=stored.size,
                sha256=stored.sha256,
                stored_key=stored.key,
            )
            record(
                "document.uploaded",
                actor=user,
                target=document.id,
                detail={"size_bytes": stored.size, "kind": kind.value},
            )
            publish(DocumentUploaded(document_id=document.id, uploaded_by=user.id))
    except BaseException:
        # Not to handle it, only to leave no orphan: the rows are gone, so the file must go too.
        delete_stored(stored.key)
        raise
    return document


def safe_file_name(raw: str) -> str:
    """The last part of a path, without control characters, at most 255 characters; it is data, never a path again."""
    last = PureWindowsPath(PurePosixPath(raw).name).name
    cleaned = " ".join(clean_text(last).text.split()).strip(". ")
    # Whoever sends a longer one has it cut, with its ending kept, before it comes here.
    return cleaned[:_LONGEST_NAME] or "document"
