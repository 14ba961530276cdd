"""A stage is stopped on purpose: it ends at its next step, is put back, and no try is counted."""

import threading
from collections.abc import Callable, Iterator

import pytest
from celery.exceptions import Reject
from django.db import connection

from apps.kernel.identifiers import new_id
from apps.kernel.jobs import runner
from apps.kernel.jobs.errors import OrganizationPausedError
from apps.kernel.jobs.leaving import _told as leaving_flag
from apps.kernel.jobs.leaving import leave
from apps.kernel.jobs.services import run_inline, start_job
from apps.kernel.jobs.stages import StageContext
from apps.kernel.jobs.tasks import run_stage
from apps.kernel.tenancy.context import inside
from apps.tenants.services.suspend import resume_tenant, suspend_tenant
from tests.faults.processes import until
from tests.kernel.test_jobs_run import Play, told


@pytest.fixture
def play(settings) -> Play:
    settings.PIPELINES = {"test": ["test.first", "test.second"]}
    settings.PIPELINE_STREAM = {"test": "document.analysis"}
    return Play()


def test_work_of_a_suspended_organization_stops_at_its_next_step_and_no_try_is_counted(tenant_a, play):
    job = start_job("test", subject_id=new_id(), requested_by=None)
    after = []

    def deed(context: StageContext) -> None:
        context.report(1, 3)
        suspend_tenant("alpha")
        with pytest.raises(OrganizationPausedError), context.fenced():
            after.append("wrote")
        context.stop_if_cancelled()
        after.append("went on")

    play.on("first", deed)
    assert runner.run_stage(job.id) is True
    waiting = job.stages.get(name="test.first")
    assert (waiting.state, waiting.attempt, waiting.crashes, waiting.lease_until) == ("queued", 0, 0, None)
    assert (after, told()[-1]) == ([], "document.analysis.progress"), "nobody is told of an end"
    with pytest.raises(OrganizationPausedError):
        run_inline(job.id)

    resume_tenant("alpha")
    play.on("first", lambda _: None)
    assert (run_inline(job.id).state, play.done) == ("completed", ["first", "first", "second"])
    assert set(job.stages.values_list("attempt", flat=True)) == {1}


def test_a_suspension_waits_for_what_is_being_written_and_nothing_is_written_after_it(committed_tenants, play):
    """When the operator's command returns, no stage can commit any more."""
    alpha, _ = committed_tenants
    suspender = threading.Thread(target=suspended_elsewhere)
    order = []

    def deed(context: StageContext) -> None:
        with context.fenced():
            suspender.start()
            until(is_waited_for, within_s=20, what="the suspension waits")
            order.append(suspender.is_alive())
        suspender.join(timeout=20)
        with context.fenced():
            order.append("wrote after it")

    with inside(alpha):
        play.on("first", deed)
        job = start_job("test", subject_id=new_id(), requested_by=None)
        runner.run_stage(job.id)
        assert order == [True]
        assert job.stages.get(name="test.first").state == "queued"


def suspended_elsewhere() -> None:
    suspend_tenant("alpha")
    connection.close()


def is_waited_for() -> bool:
    """Whether another connection waits for a lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


def test_a_worker_that_is_leaving_puts_its_stage_back_for_another(tenant_a, play, leaving):
    job = start_job("test", subject_id=new_id(), requested_by=None)
    play.on("first", lambda context: leaving() or context.stop_if_cancelled())
    runner.run_stage(job.id)
    waiting = job.stages.get(name="test.first")
    assert (waiting.state, waiting.attempt, waiting.crashes, waiting.fence) == ("queued", 0, 0, 1)
    with pytest.raises(Reject) as handed_back:
        run_stage.run(str(job.id))
    assert handed_back.value.requeue is True


@pytest.fixture
def leaving() -> Iterator[Callable[[], None]]:
    """Have this process told that it is to end, until the test is over."""
    yield leave
    leaving_flag[0] = 0
