"""Have the stored replies of a document's newest run read again, for example after a fault in reading was mended."""

from uuid import UUID

from django.db import transaction

from apps.analysis.errors import NotAnalysedYetError
from apps.analysis.selectors import newest_run
from apps.documents.models import Document
from apps.kernel.audit.record import record
from apps.kernel.errors import NotFoundError
from apps.kernel.jobs.models import Job
from apps.kernel.jobs.services import start_job


@transaction.atomic
def request_replay(document_id: UUID) -> Job:
    """The job, which calls no model. NotFoundError, NotAnalysedYetError. An operator's deed: who may is decided by the shell."""
    document = Document.objects.filter(pk=document_id).first()
    if document is None:
        raise NotFoundError
    if newest_run(document.current_version()) is None:
        raise NotAnalysedYetError
    record("analysis.replayed", actor=None, target=document_id, detail={})
    return start_job("replay", subject_id=document_id, requested_by=None)
