"""What becomes of a stage that has ended, one way or another, and of its job."""

import random
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from django.db import transaction

from apps.kernel.clock import now
from apps.kernel.jobs.choices import JobState, StageState
from apps.kernel.jobs.leases import Claim, lock_held
from apps.kernel.jobs.models import Job, StageRun
from apps.kernel.jobs.progress import announce
from apps.kernel.jobs.wake import calling_nobody, wake_after_commit

MOST_TRIES = 4
MOST_CRASHES = 3
_BACKOFF_S = (2.0, 8.0, 30.0)
_AFTER_CRASH_S = 2.0
_LONGEST_BACKOFF_S = 600.0

_chance = random.SystemRandom()


class Ending(StrEnum):
    """How a stage ended."""

    COMPLETED = "completed"
    UNAVAILABLE = "unavailable"
    REFUSED = "refused"
    CRASHED = "crashed"
    CANCELLED = "cancelled"
    GIVEN_BACK = "given_back"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a stage ended, and why when it ended badly. `retry_after_s` is what the other side asked for."""

    ending: Ending
    code: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    retry_after_s: float = 0


def settle(held: Claim, outcome: Outcome) -> None:
    """Store the outcome and make the next stage ready; StaleLeaseError, and nothing stored, when another worker has the stage."""
    with transaction.atomic():
        job, stage = lock_held(held)
        _apply(job, stage, outcome)


def settle_expired(job_id: UUID) -> bool:
    """Count a crash for the running stage whose lease has ended, and make it ready again or give up; False when it has not."""
    with transaction.atomic():
        job = Job.objects.select_for_update().filter(pk=job_id).first()
        stage = (
            StageRun.objects.select_for_update()
            .filter(job_id=job_id, state=StageState.RUNNING, lease_until__lt=now())
            .first()
        )
        if job is None or stage is None:
            return False
        _apply(job, stage, Outcome(Ending.CRASHED, code="worker_lost"))
        return True


def end_cancelled(job: Job) -> None:
    """End a locked job of which no stage runs."""
    stage = job.stages.exclude(state=StageState.COMPLETED).order_by("ordinal").first()
    if stage is not None:
        _end(job, stage, Outcome(Ending.CANCELLED), JobState.CANCELLED)


def _apply(job: Job, stage: StageRun, outcome: Outcome) -> None:
    stage.lease_until = None
    if outcome.ending is Ending.COMPLETED:
        _complete(job, stage)
    elif outcome.ending is Ending.CANCELLED or job.cancel_requested_at is not None:
        _end(job, stage, Outcome(Ending.CANCELLED), JobState.CANCELLED)
    elif outcome.ending in {Ending.GIVEN_BACK, Ending.PAUSED}:
        _put_back(job, stage, calls_worker=outcome.ending is Ending.GIVEN_BACK)
    elif outcome.ending is Ending.CRASHED:
        stage.crashes += 1
        if stage.crashes >= MOST_CRASHES:
            _end(job, stage, outcome, JobState.QUARANTINED)
        else:
            _again(job, stage, outcome=outcome, wait_s=_AFTER_CRASH_S)
    elif outcome.ending is Ending.UNAVAILABLE and stage.attempt - stage.crashes < MOST_TRIES:
        tried = stage.attempt - stage.crashes
        wait_s = _BACKOFF_S[min(tried, len(_BACKOFF_S)) - 1] * _chance.uniform(0.8, 1.2)
        _again(job, stage, outcome=outcome, wait_s=min(_LONGEST_BACKOFF_S, max(wait_s, outcome.retry_after_s)))
    else:
        _end(job, stage, outcome, JobState.FAILED)


def _complete(job: Job, stage: StageRun) -> None:
    stage.state = StageState.COMPLETED
    stage.finished_at = now()
    stage.error_code = ""
    stage.save()
    following = job.stages.select_for_update().filter(ordinal__gt=stage.ordinal).order_by("ordinal").first()
    if following is None:
        job.state = JobState.COMPLETED
        job.finished_at = now()
        job.save()
        announce("completed", job=job, stage=stage)
    elif job.cancel_requested_at is not None:
        _end(job, following, Outcome(Ending.CANCELLED), JobState.CANCELLED)
    else:
        make_ready(job, following, wait_s=0)
        announce("progress", job=job, stage=following)


def make_ready(job: Job, stage: StageRun, *, wait_s: float) -> None:
    """Let a worker take the stage in `wait_s` seconds, and call one after commit."""
    stage.state = StageState.QUEUED
    stage.not_before = now() + timedelta(seconds=wait_s)
    stage.woken_at = None
    stage.save()
    wake_after_commit(job.id, stage=stage.name, delay_s=wait_s)


def _put_back(job: Job, stage: StageRun, *, calls_worker: bool) -> None:
    """Let it go on as if this try had not been. In a suspended organization no worker would come; the sweeper calls when it is resumed."""
    stage.attempt = max(0, stage.attempt - 1)
    with nullcontext() if calls_worker else calling_nobody():
        make_ready(job, stage, wait_s=0)


def _again(job: Job, stage: StageRun, *, outcome: Outcome, wait_s: float) -> None:
    stage.error_code = outcome.code
    make_ready(job, stage, wait_s=wait_s)


def _end(job: Job, stage: StageRun, outcome: Outcome, state: JobState) -> None:
    stage.state = StageState.CANCELLED if state is JobState.CANCELLED else StageState.FAILED
    stage.error_code = outcome.code
    stage.finished_at = now()
    stage.lease_until = None
    stage.save()
    job.state = state
    job.error_code = outcome.code
    job.error_fields = outcome.fields
    job.finished_at = now()
    job.save()
    announce("cancelled" if state is JobState.CANCELLED else "failed", job=job, stage=stage)
