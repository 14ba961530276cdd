"""Run one stage, store its outcome, make the next one ready."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction

from apps.kernel.errors import DomainError, UnavailableError
from apps.kernel.jobs.errors import (
    OrganizationPausedError,
    StageCancelledError,
    StageOrphanedError,
    StaleLeaseError,
    WorkerLeavingError,
)
from apps.kernel.jobs.leases import (
    Claim,
    check_still_wanted,
    claim,
    lease,
    lock_to_write,
    note_progress,
    refuse_unless_open,
    renew,
)
from apps.kernel.jobs.models import Job
from apps.kernel.jobs.outcomes import Ending, Outcome, settle
from apps.kernel.jobs.progress import announce
from apps.kernel.jobs.selectors import job_by_id
from apps.kernel.jobs.stages import stage_definition
from apps.kernel.tenancy.context import current_tenant, inside
from apps.kernel.tenancy.standing import Standing, standing

_REPORT_EVERY_S = 0.15
_RENEWALS_A_LEASE = 4
_SETTLE_TRIES = 10
_SETTLE_AGAIN_S = 1.0
_LOOK_AGAIN_S = 0.2
_LONGEST_NOTE = 200

logger = logging.getLogger(__name__)


class RunningStage:
    """The StageContext of a stage in work."""

    def __init__(self, held: Claim) -> None:
        self._held = held
        self._reported_at = 0.0

    @property
    def job_id(self) -> UUID:
        """The job this stage belongs to."""
        return self._held.job_id

    @property
    def subject_id(self) -> UUID:
        """The thing the job is about."""
        return self._held.subject_id

    @property
    def requested_by(self) -> UUID | None:
        """Who asked for it; None for the system."""
        return self._held.requested_by

    def report(self, done: int, total: int, note: str = "") -> None:
        """Store and announce progress, at most every 150 ms but always the last; stops a stage that is not wanted any more."""
        if time.monotonic() - self._reported_at < _REPORT_EVERY_S and done < total:
            return
        self._reported_at = time.monotonic()
        check_still_wanted(self._held)
        note_progress(self._held, done=done, total=total, note=note[:_LONGEST_NOTE])
        job = Job.objects.get(pk=self._held.job_id)
        announce("progress", job=job, stage=job.stages.get(pk=self._held.stage_id))

    def stop_if_cancelled(self) -> None:
        """A child of StageStoppedError when the stage is to end here; StaleLeaseError when another worker has taken over."""
        check_still_wanted(self._held)

    @contextmanager
    def fenced(self) -> Iterator[None]:
        """A transaction that only the holder of the lease can commit, and only in an organization that is open."""
        with transaction.atomic():
            lock_to_write(self._held)
            yield


def run_stage(job_id: UUID) -> bool:
    """Run the job's next stage if it may be run here and now; False when there was nothing to do."""
    held = claim(job_id)
    if held is None:
        return False
    if held.starts_job:
        job = job_by_id(job_id)
        announce("started", job=job, stage=job.stages.get(pk=held.stage_id))
    with _lease_kept(held):
        outcome = _outcome_of(held)
        if outcome is not None:
            _settle(held, outcome)
    return True


def run_inline(job_id: UUID) -> Job:
    """Run all stages in this process and return the job as it ended; waits for retries, and for a worker that has a stage.

    OrganizationPausedError in a suspended organization: there it would wait for ever.
    """
    while (job := job_by_id(job_id)).is_active:
        refuse_unless_open(standing())
        if not run_stage(job_id):
            time.sleep(_LOOK_AGAIN_S)
    return job


def _settle(held: Claim, outcome: Outcome) -> None:
    """Store the outcome. A database that is just being restarted is waited for: giving up would count as a dead worker."""
    tries = 0
    while True:
        try:
            settle(held, outcome)
        except StaleLeaseError:
            logger.warning("stage_result_dropped", extra={"job_id": str(held.job_id), "stage": held.stage})
        except (OperationalError, InterfaceError):
            tries += 1
            if tries >= _SETTLE_TRIES:
                raise
            connection.close()
            time.sleep(_SETTLE_AGAIN_S)
            continue
        except DatabaseError as error:
            if not _lost_its_tables(error):
                raise
        return


def _outcome_of(held: Claim) -> Outcome | None:
    """How the stage ended; None when another worker has taken over."""
    try:
        stage_definition(held.stage).run(RunningStage(held))
    except Exception as error:  # noqa: BLE001  a stage's fault must not take the worker with it; it is counted and shown
        return _bad_ending(held, StageOrphanedError() if _lost_its_tables(error) else error)
    return Outcome(Ending.COMPLETED)


def _bad_ending(held: Claim, error: Exception) -> Outcome | None:
    known = {"job_id": str(held.job_id), "stage": held.stage, "fault": type(error).__name__}
    match error:
        case StaleLeaseError():
            logger.warning("stage_lease_lost", extra=known)
            return None
        case StageCancelledError():
            return Outcome(Ending.CANCELLED)
        case WorkerLeavingError():
            return Outcome(Ending.GIVEN_BACK)
        case OrganizationPausedError():
            return Outcome(Ending.PAUSED)
        case UnavailableError():
            outcome = Outcome(
                Ending.UNAVAILABLE, code=error.code, fields=_plain(error), retry_after_s=_asked_wait_s(error)
            )
        case DomainError():
            outcome = Outcome(Ending.REFUSED, code=error.code, fields=_plain(error))
        case OperationalError() | InterfaceError():
            outcome = Outcome(Ending.UNAVAILABLE, code="database_unavailable")
        case SoftTimeLimitExceeded():
            outcome = Outcome(Ending.CRASHED, code="stage_too_slow")
        case _:
            logger.error("stage_fault", extra=known, exc_info=error)
            return Outcome(Ending.CRASHED, code="fault")
    logger.warning("stage_ended_badly", extra=known | {"code": outcome.code})
    return outcome


def _lost_its_tables(error: Exception) -> bool:
    """Whether the stage failed because its organization is being deleted: its tables go one after the other."""
    return (
        isinstance(error, DatabaseError)
        and not isinstance(error, OperationalError | InterfaceError)
        and standing() is Standing.GONE
    )


def _plain(error: DomainError) -> dict[str, str]:
    return {name: str(value)[:_LONGEST_NOTE] for name, value in error.fields.items()}


def _asked_wait_s(error: DomainError) -> float:
    asked = error.fields.get("retry_after_s", 0)
    return float(asked) if isinstance(asked, int | float) else 0.0


@contextmanager
def _lease_kept(held: Claim) -> Iterator[None]:
    """Renew the lease from a second thread: a stage may be silent for longer than a lease, a dead process may not."""
    tenant = current_tenant()
    ended = threading.Event()

    def keep() -> None:
        while not ended.wait(lease().total_seconds() / _RENEWALS_A_LEASE):
            try:
                with inside(tenant):
                    renew(held)
            except (DatabaseError, InterfaceError):
                logger.warning("lease_not_renewed", extra={"job_id": str(held.job_id)})
            finally:
                connection.close()

    keeper = threading.Thread(target=keep, name="lease", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        ended.set()
        keeper.join()
