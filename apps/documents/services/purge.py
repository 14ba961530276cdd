"""Purge a document: remove its rows and files, keep the proof that it existed."""

from uuid import UUID

from django.db import transaction

from apps.accounts.models import User
from apps.documents import guards
from apps.documents.errors import DocumentHeldError
from apps.documents.events import DocumentPurged
from apps.documents.selectors import document_for
from apps.kernel.audit.record import record
from apps.kernel.events.bus import publish
from apps.kernel.jobs.services import cancel_jobs_of


@transaction.atomic
def purge_document(user: User, *, document_id: UUID, reason: str = "") -> None:
    """Delete the document with its versions, sections and files; its audit entries remain.

    Raises NotFoundError if user may not see it, NotAllowedError if user may not delete it, DocumentHeldError if a guard objects.
    """
    document = document_for(user, document_id, need="delete")
    if objections := guards.objections_to_deleting(document_id):
        raise DocumentHeldError(objections="; ".join(objections))
    cancel_jobs_of(document_id)
    stored_keys = document.stored_keys()
    document.delete()
    record("document.purged", actor=user, target=document_id, detail={"reason": reason, "files": len(stored_keys)})
    publish(DocumentPurged(document_id=document_id, stored_keys=stored_keys))
