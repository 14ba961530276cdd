"""Questions about jobs. Who may ask is decided by the room whose subject it is."""

from collections.abc import Iterable
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, OuterRef, QuerySet, Subquery

from apps.kernel.errors import NotFoundError
from apps.kernel.jobs.models import Job
from apps.kernel.kept_queries import KeptQuery

S = TypeVar("S", bound=Model)


def job_by_id(job_id: UUID) -> Job:
    """The job with its stages in order; NotFoundError when there is none."""
    job = Job.objects.prefetch_related("stages").filter(pk=job_id).first()
    if job is None:
        raise NotFoundError
    return job


def latest_job(subject_id: UUID, pipeline: str | None = None) -> Job | None:
    """The newest job of this subject with its stages, or None."""
    jobs = Job.objects.prefetch_related("stages").filter(subject_id=subject_id)
    if pipeline is not None:
        jobs = jobs.filter(pipeline=pipeline)
    return jobs.order_by("-id").first()


def latest_job_alone(subject_id: UUID) -> Job | None:
    """The newest job of this subject, or None; its stages are read when they are asked for."""
    return KeptQuery(Job, _newest_about, values={"subject_id": subject_id}).first()


def latest_jobs(subject_ids: Iterable[UUID], pipeline: str) -> dict[UUID, Job]:
    """The newest job of each subject that has one, with stages; two queries whatever their number."""
    jobs = Job.objects.prefetch_related("stages").filter(subject_id__in=list(subject_ids), pipeline=pipeline)
    return {job.subject_id: job for job in jobs.order_by("subject_id", "-id").distinct("subject_id")}


def with_job_state(subjects: QuerySet[S], *, pipeline: str) -> QuerySet[S]:
    """The same rows with `job_state`: the state of the newest job about each (by primary key), None without one."""
    newest = Job.objects.filter(subject_id=OuterRef("pk"), pipeline=pipeline).order_by("-id")
    found: QuerySet[S] = subjects.annotate(job_state=Subquery(newest.values("state")[:1]))  # type: ignore[assignment]
    return found


def _newest_about(*, subject_id: UUID) -> QuerySet[Job]:
    return Job.objects.filter(subject_id=subject_id).order_by("-id")[:1]
