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
from apps.kernel.jobs.selectors import job_by_id, latest_job
from apps.kernel.jobs.services import cancel_job, retry_job


@transaction.atomic
def stop_job(user: User, *, document_id: UUID, job_id: UUID | None = None) -> Job:
    """Ask the document's job (its newest, or the one given) to stop before its next section; what it has stays. One that has ended stays too.

    Raises NotFoundError (no document, or no job), NotAllowedError.
    """
    job = _job_to_steer(user, document_id, job_id)
    if not job.is_active:
        return job
    job = cancel_job(job.id)
    record("document.job_stopped", actor=user, target=document_id, detail={"job": str(job.id)})
    return job


@transaction.atomic
def restart_job(user: User, *, document_id: UUID, job_id: UUID | None = None) -> Job:
    """Go on with a job (the newest, or the one given) that failed or was stopped, from the stage where it ended.

    Raises NotFoundError, NotAllowedError, JobNotRetryableError.
    """
    job = retry_job(_job_to_steer(user, document_id, job_id).id)
    record("document.job_restarted", actor=user, target=document_id, detail={"job": str(job.id)})
    return job


def _job_to_steer(user: User, document_id: UUID, job_id: UUID | None) -> Job:
    require(user, Capability.RUN_ANALYSIS)
    document_for(user, document_id, need="edit")
    job = latest_job(document_id) if job_id is None else job_by_id(job_id)
    if job is None or job.subject_id != document_id:
        raise NotFoundError
    return job
