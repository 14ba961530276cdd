"""Rename or reclassify a document."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.accounts.models import User
from apps.documents.choices import Classification
from apps.documents.errors import DocumentChangedError
from apps.documents.models import Document
from apps.documents.selectors import document_for
from apps.documents.services.upload import safe_file_name
from apps.kernel.audit.record import record


@transaction.atomic
def change_document(
    user: User,
    *,
    document_id: UUID,
    name: str | None = None,
    classification: str | None = None,
    expected: datetime | None = None,
) -> Document:
    """Change what is given. Raises as document_for, and DocumentChangedError when it was not last changed at `expected`."""
    Document.objects.select_for_update().filter(pk=document_id).first()
    document = document_for(user, document_id, need="edit")
    if expected is not None and expected != document.updated_at:
        raise DocumentChangedError
    if name is not None:
        document.name = safe_file_name(name)
    if classification is not None:
        document.classification = Classification(classification)
    document.save(update_fields=["name", "classification", "updated_at"])
    record("document.renamed", actor=user, target=document_id, detail={"classification": document.classification})
    return document
