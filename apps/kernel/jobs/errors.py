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


class StageCancelledError(DomainError):
    """Someone asked to stop; raised inside a stage so that it ends at a clean point."""

    code = "cancelled"
    sentence = gettext_noop("This work was cancelled.")


class StaleLeaseError(DomainError):
    """Another worker has taken over this stage: whatever is left here must not be written."""

    code = "stale_lease"
    sentence = gettext_noop("Another worker has taken over.")
