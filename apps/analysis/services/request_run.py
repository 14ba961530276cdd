"""Ask for a new review of a document."""

from uuid import UUID

from django.db import transaction

from apps.accounts.capabilities import Capability
from apps.accounts.models import User
from apps.accounts.policies import require
from apps.documents.selectors import document_for
from apps.kernel.audit.record import record
from apps.kernel.jobs.models import Job
from apps.kernel.jobs.services import start_job


@transaction.atomic
def request_run(user: User, *, document_id: UUID) -> Job:
    """The job; one that still runs is returned as it is. Raises NotFoundError, NotAllowedError."""
    require(user, Capability.RUN_ANALYSIS)
    document_for(user, document_id, need="view")
    record("analysis.requested", actor=user, target=document_id, detail={})
    return start_job("review", subject_id=document_id, requested_by=user.id)
