"""What can be wrong with a job."""

from apps.kernel.errors import ConflictError, DomainError, gettext_noop


class JobNotRetryableError(ConflictError):
    """Only a job that ended badly can be tried again, and only while its subject has no other job in work."""

    code = "job_not_retryable"
    sentence = gettext_noop("This work cannot be started again now.")


class StageUnknownError(DomainError):
    """The pipeline names a stage that no loaded room has."""

    code = "stage_unknown"
    sentence = gettext_noop("A step of this work is not installed.")


class StageStoppedError(DomainError):
    """The stage has to end at a clean point; what is paid for and on its way may still be kept."""

    code = "stage_stopped"
    sentence = gettext_noop("This work was interrupted.")


class StageCancelledError(StageStoppedError):
    """Someone asked to stop; raised inside a stage so that it ends at a clean point."""

    code = "cancelled"
    sentence = gettext_noop("This work was cancelled.")


class WorkerLeavingError(StageStoppedError):
    """This worker is being shut down: another one goes on with the stage, and no try is counted."""

    code = "worker_leaving"
    sentence = gettext_noop("This work goes on in a moment.")


class OrganizationPausedError(StageStoppedError):
    """The organization was suspended: its work waits until it is resumed, and no try is counted."""

    code = "organization_paused"
    sentence = gettext_noop("This work waits until the organization is open again.")


class StaleLeaseError(DomainError):
    """Another worker has taken over this stage: whatever is left here must not be written."""

    code = "stale_lease"
    sentence = gettext_noop("Another worker has taken over.")


class StageOrphanedError(StaleLeaseError):
    """The organization was deleted under the stage: there is nothing left that could be written to."""

    code = "organization_gone"
    sentence = gettext_noop("The organization does not exist any more.")
