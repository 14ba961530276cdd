"""Who may run a stage now: a lease and a fencing number, in the database.

Every change locks the job's row first and its stages' rows after it, so that claims, outcomes and cancellations follow one another.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Greatest

from apps.kernel.clock import now
from apps.kernel.jobs.choices import JobState, StageState
from apps.kernel.jobs.errors import (
    OrganizationPausedError,
    StageCancelledError,
    StageOrphanedError,
    StaleLeaseError,
    WorkerLeavingError,
)
from apps.kernel.jobs.leaving import is_leaving
from apps.kernel.jobs.models import Job, StageRun
from apps.kernel.tenancy.standing import Standing, standing, standing_until_commit


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to run one stage, until the lease ends or the fence moves on."""

    job_id: UUID
    subject_id: UUID
    requested_by: UUID | None
    pipeline: str
    stage_id: int
    stage: str
    fence: int
    attempt: int
    crashes: int
    starts_job: bool


def claim(job_id: UUID) -> Claim | None:
    """Take the job's next stage, or None: it is done, cancelled, not due yet, or in other hands."""
    with transaction.atomic():
        job = Job.objects.select_for_update().filter(pk=job_id).first()
        if job is None or not job.is_active or job.cancel_requested_at is not None:
            return None
        stage = _next_stage(job)
        if stage is None or stage.state != StageState.QUEUED or stage.not_before > now():
            return None
        starts_job = job.state == JobState.QUEUED and job.started_at is None
        stage.state = StageState.RUNNING
        stage.fence += 1
        stage.attempt += 1
        stage.started_at = now()
        stage.lease_until = now() + lease()
        stage.save()
        job.state = JobState.RUNNING
        job.started_at = job.started_at or now()
        job.save()
        return Claim(
            job_id=job.id,
            subject_id=job.subject_id,
            requested_by=job.requested_by,
            pipeline=job.pipeline,
            stage_id=stage.pk,
            stage=stage.name,
            fence=stage.fence,
            attempt=stage.attempt,
            crashes=stage.crashes,
            starts_job=starts_job,
        )


def lease() -> timedelta:
    """How long a worker may be silent before it is taken for dead."""
    return timedelta(seconds=settings.JOBS_LEASE_S)


def renew(held: Claim) -> bool:
    """Make the lease last from now; False when another worker has the stage."""
    return bool(_held(held).update(lease_until=now() + lease()))


def note_progress(held: Claim, *, done: int, total: int, note: str) -> None:
    """Store progress and renew the lease; StaleLeaseError when another worker has the stage.

    A stage that came further than ever before starts to count its tries and crashes anew: workers that are killed from outside
    are no reason to stop a job that goes on, one that dies at the same place again and again is.
    """
    is_further, whole = Q(furthest__lt=done), IntegerField()
    changed = _held(held).update(
        lease_until=now() + lease(),
        done=done,
        total=total,
        note=note,
        crashes=Case(When(is_further, then=Value(0)), default=F("crashes"), output_field=whole),
        attempt=Case(When(is_further, then=Value(1)), default=F("attempt"), output_field=whole),
        furthest=Greatest(F("furthest"), Value(done), output_field=whole),
    )
    if not changed:
        raise StaleLeaseError


def check_still_wanted(held: Claim) -> None:
    """StaleLeaseError when another worker has the stage, or when the organization is gone with its tables.

    StageCancelledError when someone asked to stop, OrganizationPausedError in a suspended organization, WorkerLeavingError in a
    worker that is being shut down.
    """
    refuse_unless_open(standing())
    asked: list[datetime | None] = list(_held(held).values_list("job__cancel_requested_at", flat=True))
    if not asked:
        raise StaleLeaseError
    if asked[0] is not None:
        raise StageCancelledError
    if is_leaving():
        raise WorkerLeavingError


def refuse_unless_open(now_it_is: Standing) -> None:
    """OrganizationPausedError or StageOrphanedError for an organization that may not work."""
    if now_it_is is Standing.GONE:
        raise StageOrphanedError
    if now_it_is is Standing.SUSPENDED:
        raise OrganizationPausedError


def lock_to_write(held: Claim) -> None:
    """Let the caller's transaction write for this stage; what check_still_wanted() says of lease and organization holds until it ends."""
    refuse_unless_open(standing_until_commit())
    lock_held(held)


def lock_held(held: Claim) -> tuple[Job, StageRun]:
    """The job and the stage, locked in the caller's transaction; StaleLeaseError when another worker has the stage."""
    job = Job.objects.select_for_update().filter(pk=held.job_id).first()
    stage = (
        StageRun.objects.select_for_update()
        .filter(pk=held.stage_id, fence=held.fence, state=StageState.RUNNING)
        .first()
    )
    if job is None or stage is None:
        raise StaleLeaseError
    return job, stage


def expired_jobs() -> list[UUID]:
    """Jobs whose running stage has outlived its lease: its worker is gone."""
    gone = StageRun.objects.filter(state=StageState.RUNNING, lease_until__lt=now())
    return list(gone.order_by("lease_until").values_list("job_id", flat=True)[:100])


def stages_to_wake(*, grace: timedelta, again_after: timedelta) -> list[StageRun]:
    """Stages that are due and for which no worker was called, or not lately; marks them as called.

    `grace` is how long the first call has time to be made, `again_after` how long a call may take to be answered.
    """
    moment = now()
    due = StageRun.objects.filter(
        state=StageState.QUEUED, not_before__lte=moment, job__cancel_requested_at__isnull=True
    )
    never = due.filter(woken_at__isnull=True, not_before__lte=moment - grace)
    retries = due.filter(woken_at__lt=F("not_before"))
    unanswered = due.filter(woken_at__lt=moment - again_after)
    with transaction.atomic():
        picked = list(
            StageRun.objects.select_for_update(skip_locked=True)
            .filter(pk__in=(never | retries | unanswered).values("pk"))
            .order_by("not_before")[:100]
        )
        StageRun.objects.filter(pk__in=[stage.pk for stage in picked]).update(woken_at=moment)
    return picked


def mark_woken(job_id: UUID) -> None:
    """Note that a worker was called for this job's next stage."""
    StageRun.objects.filter(job_id=job_id, state=StageState.QUEUED).update(woken_at=now())


def _next_stage(job: Job) -> StageRun | None:
    return job.stages.select_for_update().exclude(state=StageState.COMPLETED).order_by("ordinal").first()


def _held(held: Claim) -> QuerySet[StageRun]:
    return StageRun.objects.filter(pk=held.stage_id, fence=held.fence, state=StageState.RUNNING)
