"""Stop the job that reads and reviews a document, or start it again where it stopped."""

from uuid import UUID

from django.db import transaction

from apps.accounts.capabilities import Capability
from apps.accounts.models import User
from apps.accounts.policies import require
from apps.documents.selectors import document_for
from apps.kernel.audit.record import record
from apps.kernel.errors import NotFoundError
from apps.kernel.jobs.models import Job
from apps.kernel.jobs.selectors import latest_job
from apps.kernel.jobs.services import cancel_job, retry_job


@transaction.atomic
def stop_job(user: User, *, document_id: UUID) -> Job:
    """Ask the document's job to stop; it does so before its next section, and what it has stays.

    Raises NotFoundError (no document, or no job), NotAllowedError.
    """
    job = cancel_job(_job_to_steer(user, document_id).id)
    record("document.job_stopped", actor=user, target=document_id, detail={"job": str(job.id)})
    return job


@transaction.atomic
def restart_job(user: User, *, document_id: UUID) -> Job:
    """Go on with a job that failed or was stopped, from the stage where it ended.

    Raises NotFoundError, NotAllowedError, JobNotRetryableError.
    """
    job = retry_job(_job_to_steer(user, document_id).id)
    record("document.job_restarted", actor=user, target=document_id, detail={"job": str(job.id)})
    return job


def _job_to_steer(user: User, document_id: UUID) -> Job:
    require(user, Capability.RUN_ANALYSIS)
    document_for(user, document_id, need="edit")
    job = latest_job(document_id)
    if job is None:
        raise NotFoundError
    return job
