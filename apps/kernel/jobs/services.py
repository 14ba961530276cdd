"""Deeds on jobs: start, cancel, try again. Whether a person may is the business of the room whose subject it is."""

from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from apps.kernel.clock import now
from apps.kernel.errors import NotFoundError
from apps.kernel.jobs.choices import ACTIVE_STATES, JobState, StageState
from apps.kernel.jobs.errors import JobNotRetryableError
from apps.kernel.jobs.models import Job, StageRun
from apps.kernel.jobs.outcomes import end_cancelled, make_ready
from apps.kernel.jobs.runner import run_inline

__all__ = ["cancel_job", "cancel_jobs_of", "retry_job", "run_inline", "start_job"]


def start_job(pipeline: str, subject_id: UUID, requested_by: UUID | None) -> Job:
    """The active job of this pipeline for this subject: a new one, or the one that is already in work.

    The stages are those of settings.PIPELINES; a worker is called after commit.
    """
    active = Job.objects.filter(pipeline=pipeline, subject_id=subject_id, state__in=ACTIVE_STATES)
    if job := active.first():
        return job
    try:
        with transaction.atomic():
            return _new_job(pipeline, subject_id=subject_id, requested_by=requested_by)
    except IntegrityError:
        return active.get()


def cancel_job(job_id: UUID) -> Job:
    """Ask the job to stop: at once when nothing runs, else before the running stage's next step. NotFoundError when absent."""
    with transaction.atomic():
        job = Job.objects.select_for_update().filter(pk=job_id).first()
        if job is None:
            raise NotFoundError
        if job.is_active and job.cancel_requested_at is None:
            job.cancel_requested_at = now()
            job.save()
            if not job.stages.filter(state=StageState.RUNNING).exists():
                end_cancelled(job)
        return job


def cancel_jobs_of(subject_id: UUID) -> None:
    """Ask every active job about this subject to stop."""
    for job in Job.objects.filter(subject_id=subject_id, state__in=ACTIVE_STATES):
        cancel_job(job.id)


def retry_job(job_id: UUID) -> Job:
    """Go on with a job that failed, was quarantined or cancelled, from the stage where it stopped.

    Raises NotFoundError, JobNotRetryableError.
    """
    try:
        with transaction.atomic():
            job = Job.objects.select_for_update().filter(pk=job_id).first()
            if job is None:
                raise NotFoundError
            stage = job.stages.select_for_update().exclude(state=StageState.COMPLETED).order_by("ordinal").first()
            if job.is_active or stage is None:
                raise JobNotRetryableError
            job.state = JobState.QUEUED
            job.cancel_requested_at = job.finished_at = None
            job.error_code, job.error_fields = "", {}
            job.save()
            stage.attempt = stage.crashes = stage.done = stage.total = stage.furthest = 0
            stage.error_code = stage.note = ""
            stage.finished_at = None
            make_ready(job, stage, wait_s=0)
            return job
    except IntegrityError as error:
        raise JobNotRetryableError from error


def _new_job(pipeline: str, *, subject_id: UUID, requested_by: UUID | None) -> Job:
    names: list[str] = settings.PIPELINES[pipeline]
    job = Job.objects.create(pipeline=pipeline, subject_id=subject_id, requested_by=requested_by)
    stages = StageRun.objects.bulk_create(
        StageRun(job=job, ordinal=ordinal, name=name) for ordinal, name in enumerate(names)
    )
    make_ready(job, stages[0], wait_s=0)
    return job
