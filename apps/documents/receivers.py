"""What this room reacts to."""

from apps.documents.events import DocumentPurged, DocumentUploaded
from apps.kernel.events.bus import subscribe
from apps.kernel.jobs.services import start_job
from apps.kernel.storage.tenant_files import delete_stored


def review_begins(event: DocumentUploaded) -> None:
    """Every upload is reviewed."""
    start_job("review", subject_id=event.document_id, requested_by=event.uploaded_by)


def files_go(event: DocumentPurged) -> None:
    """The rows are gone; now the files."""
    for key in event.stored_keys:
        delete_stored(key)


subscribe(DocumentUploaded, review_begins)
subscribe(DocumentPurged, files_go)
