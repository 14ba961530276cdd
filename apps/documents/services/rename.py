"""Rename or reclassify a document."""

from uuid import UUID

from django.db import transaction

from apps.accounts.models import User
from apps.documents.choices import Classification
from apps.documents.models import Document
from apps.documents.selectors import document_for
from apps.documents.services.upload import safe_file_name
from apps.kernel.audit.record import record


@transaction.atomic
def change_document(
    user: User, *, document_id: UUID, name: str | None = None, classification: str | None = None
) -> Document:
    """Change what is given; NotFoundError or NotAllowedError as document_for."""
    document = document_for(user, document_id, need="edit")
    if name is not None:
        document.name = safe_file_name(name)
    if classification is not None:
        document.classification = Classification(classification)
    document.save(update_fields=["name", "classification", "updated_at"])
    record("document.renamed", actor=user, target=document_id, detail={"classification": document.classification})
    return document
