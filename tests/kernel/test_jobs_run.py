"""Jobs: stages run in order, once, and every bad end has its own good answer."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from apps.kernel.clock import now
from apps.kernel.errors import InvalidInputError, NotFoundError, UnavailableError
from apps.kernel.events.models import StreamEvent
from apps.kernel.identifiers import new_id
from apps.kernel.jobs import runner, sweeper
from apps.kernel.jobs.errors import JobNotRetryableError, StaleLeaseError
from apps.kernel.jobs.leases import claim
from apps.kernel.jobs.models import Job, StageRun
from apps.kernel.jobs.selectors import job_by_id, latest_job, latest_jobs
from apps.kernel.jobs.services import cancel_job, cancel_jobs_of, retry_job, run_inline, start_job
from apps.kernel.jobs.stages import StageContext, stage
from apps.kernel.tenancy.context import inside

Deed = Callable[[StageContext], None]
DEEDS: dict[str, Deed] = {}


@stage("test.first", queue="default", time_limit_s=5)
def _first(context: StageContext) -> None:
    DEEDS["first"](context)


@stage("test.second", queue="default", time_limit_s=5)
def _second(context: StageContext) -> None:
    DEEDS["second"](context)


class Play:
    """What the two stages do, and what they did."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.on("first", lambda _: None)
        self.on("second", lambda _: None)

    def on(self, name: str, deed: Deed) -> None:
        def noted(context: StageContext) -> None:
            self.done.append(name)
            deed(context)

        DEEDS[name] = noted


@pytest.fixture
def play(settings) -> Play:
    settings.PIPELINES = {"test": ["test.first", "test.second"], "odd": ["test.nobody_has_this"]}
    settings.PIPELINE_STREAM = {"test": "document.analysis"}
    return Play()


def fails(error: Exception) -> Deed:
    def deed(_: StageContext) -> None:
        raise error

    return deed


def due_now(job_id: UUID) -> None:
    StageRun.objects.filter(job_id=job_id).update(not_before=now())


def worker_dies(job_id: UUID) -> None:
    """A worker takes the stage, is killed, and its lease runs out."""
    assert claim(job_id) is not None
    StageRun.objects.filter(job_id=job_id, state="running").update(lease_until=now() - timedelta(seconds=1))


def told() -> list[str]:
    return list(StreamEvent.objects.order_by("seq").values_list("type", flat=True))


def test_stages_run_in_order_and_the_browser_is_told(tenant_a, play):
    subject = new_id()
    job = run_inline(start_job("test", subject_id=subject, requested_by=None).id)

    assert (job.state, play.done) == ("completed", ["first", "second"])
    assert told() == ["document.analysis.started", "document.analysis.progress", "document.analysis.completed"]
    last = StreamEvent.objects.latest("seq").data
    assert (last["document_id"], last["job_id"], last["state"], last["error"]) == (
        str(subject),
        str(job.id),
        "completed",
        "",
    )


def test_a_worker_is_called_after_commit_and_for_each_next_stage(tenant_a, play, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job = start_job("test", subject_id=new_id(), requested_by=None)
        assert play.done == []
    assert (job_by_id(job.id).state, play.done) == ("completed", ["first", "second"])


def test_a_subject_in_work_is_not_started_a_second_time(tenant_a, play):
    subject = new_id()
    assert start_job("test", subject_id=subject, requested_by=None) == start_job(
        "test", subject_id=subject, requested_by=None
    )
    assert Job.objects.count() == 1


def test_a_subject_that_was_done_can_be_started_anew(tenant_a, play):
    subject = new_id()
    run_inline(start_job("test", subject_id=subject, requested_by=None).id)
    again = start_job("test", subject_id=subject, requested_by=None)
    assert latest_job(subject, "test") == again
    assert latest_jobs([subject, new_id()], "test") == {subject: again}


def test_a_message_that_comes_twice_has_one_effect(tenant_a, play):
    job = start_job("test", subject_id=new_id(), requested_by=None)
    second_tries = []
    play.on("first", lambda context: second_tries.append(runner.run_stage(context.job_id)))

    run_inline(job.id)
    assert second_tries == [False]
    assert runner.run_stage(job.id) is False
    assert play.done == ["first", "second"]


def test_what_a_dead_worker_left_goes_on_after_its_lease(tenant_a, play):
    job = start_job("test", subject_id=new_id(), requested_by=None)
    assert claim(job.id) is not None
    assert runner.run_stage(job.id) is False, "the lease still holds"

    StageRun.objects.filter(job=job, state="running").update(lease_until=now() - timedelta(seconds=1))
    sweeper.sweep()
    due_now(job.id)
    assert run_inline(job.id).state == "completed"
    assert play.done == ["first", "second"]


def test_a_lease_is_renewed_by_reporting(tenant_a, play):
    job = start_job("test", subject_id=new_id(), requested_by=None)
    seen = []

    def deed(context: StageContext) -> None:
        StageRun.objects.filter(job=job, state="running").update(lease_until=now() + timedelta(seconds=1))
        context.report(1, 2, "half")
        row = StageRun.objects.get(job=job, state="running")
        seen.append((row.lease_until > now() + timedelta(seconds=30), row.done, row.total, row.note))

    play.on("first", deed)
    run_inline(job.id)
    assert seen == [(True, 1, 2, "half")]


def test_who_lost_the_lease_can_neither_report_nor_write_nor_finish(tenant_a, play):
    job = start_job("test", subject_id=new_id(), requested_by=None)
    refused = []

    def overtaken(context: StageContext) -> None:
        StageRun.objects.filter(job=job, state="running").update(lease_until=now() - timedelta(seconds=1))
        sweeper.sweep()
        due_now(job.id)
        assert claim(job.id) is not None
        for attempt in (lambda: context.report(2, 2), context.stop_if_cancelled, lambda: context.fenced().__enter__()):
            with pytest.raises(StaleLeaseError):
                attempt()
            refused.append(True)

    play.on("first", overtaken)
    assert runner.run_stage(job.id) is True
    assert len(refused) == 3
    assert StageRun.objects.get(job=job, name="test.first").state == "running", "the second worker still has it"


def test_something_unavailable_is_tried_four_times_with_growing_waits(tenant_a, play):
    job = start_job("test", subject_id=new_id(), requested_by=None)
    play.on("first", fails(UnavailableError()))
    waits = []
    while job_by_id(job.id).is_active:
        assert runner.run_stage(job.id)
        waits.append((StageRun.objects.get(job=job, name="test.first").not_before - now()).total_seconds())
        assert runner.run_stage(job.id) is False, "not before its time"
        due_now(job.id)

    ended = job_by_id(job.id)
    assert (ended.state, ended.error_code, play.done) == ("failed", "unavailable", ["first"] * 4)
    assert waits[0] < waits[1] < waits[2]


def test_what_comes_back_in_time_completes(tenant_a, play):
    job = start_job("test", subject_id=new_id(), requested_by=None)
    play.on("first", fails(UnavailableError()))
    runner.run_stage(job.id)
    play.on("first", lambda _: None)
    due_now(job.id)
    assert run_inline(job.id).state == "completed"


def test_a_refusal_ends_the_job_at_once_with_its_code(tenant_a, play):
    job = start_job("test", subject_id=new_id(), requested_by=None)
    play.on("first", fails(InvalidInputError(name="x.docx")))
    ended = run_inline(job.id)
    assert (ended.state, ended.error_code, ended.error_fields, play.done) == (
        "failed",
        "invalid_input",
        {"name": "x.docx"},
        ["first"],
    )
    assert told()[-1] == "document.analysis.failed"


def test_a_stage_that_nobody_has_fails_with_its_own_code(tenant_a, play):
    job = run_inline(start_job("odd", subject_id=new_id(), requested_by=None).id)
    assert (job.state, job.error_code) == ("failed", "stage_unknown")


def test_a_faulty_stage_is_quarantined_after_three_tries(tenant_a, play):
    job = start_job("test", subject_id=new_id(), requested_by=None)
    play.on("first", fails(ZeroDivisionError()))
    while job_by_id(job.id).is_active:
        runner.run_stage(job.id)
        due_now(job.id)
    ended = job_by_id(job.id)
    assert (ended.state, ended.error_code, play.done) == ("quarantined", "fault", ["first"] * 3)


def test_a_stage_that_kills_its_workers_is_quarantined_and_its_neighbour_runs(tenant_a, play):
    poisoned = start_job("test", subject_id=new_id(), requested_by=None)
    neighbour = start_job("test", subject_id=new_id(), requested_by=None)
    for _ in range(3):
        due_now(poisoned.id)
        worker_dies(poisoned.id)
        sweeper.sweep()
    ended = job_by_id(poisoned.id)
    assert (ended.state, ended.error_code) == ("quarantined", "worker_lost")
    assert told()[-1] == "document.analysis.failed"
    assert run_inline(neighbour.id).state == "completed"


def test_a_job_that_waits_is_cancelled_at_once(tenant_a, play):
    job = start_job("test", subject_id=new_id(), requested_by=None)
    assert cancel_job(job.id).state == "cancelled"
    assert runner.run_stage(job.id) is False
    assert (play.done, told()) == ([], ["document.analysis.cancelled"])


def test_a_running_job_stops_at_its_next_report(tenant_a, play):
    job = start_job("test", subject_id=new_id(), requested_by=None)
    after = []

    def deed(context: StageContext) -> None:
        cancel_jobs_of(job.subject_id)
        context.report(1, 3)
        after.append("went on")

    play.on("first", deed)
    assert run_inline(job.id).state == "cancelled"
    assert (after, play.done) == ([], ["first"])


def test_a_cancelled_job_does_not_begin_its_next_stage(tenant_a, play):
    job = start_job("test", subject_id=new_id(), requested_by=None)
    play.on("first", lambda context: cancel_job(context.job_id) and None)
    assert run_inline(job.id).state == "cancelled"
    assert play.done == ["first"]


def test_a_cancellation_that_comes_after_the_last_word_finds_the_work_done(tenant_a, play):
    job = start_job("test", subject_id=new_id(), requested_by=None)
    play.on("second", lambda context: cancel_job(context.job_id) and None)
    assert run_inline(job.id).state == "completed"


def test_a_dead_worker_of_a_cancelled_job_leaves_it_cancelled(tenant_a, play):
    job = start_job("test", subject_id=new_id(), requested_by=None)
    worker_dies(job.id)
    assert cancel_job(job.id).state == "running"
    sweeper.sweep()
    assert job_by_id(job.id).state == "cancelled"


def test_cancelling_what_is_not_there_is_not_found(tenant_a):
    with pytest.raises(NotFoundError):
        cancel_job(new_id())


def test_a_failed_job_goes_on_where_it_stopped(tenant_a, play):
    job = start_job("test", subject_id=new_id(), requested_by=None)
    play.on("second", fails(InvalidInputError()))
    run_inline(job.id)
    play.on("second", lambda _: None)

    assert retry_job(job.id).state == "queued"
    ended = run_inline(job.id)
    assert (ended.state, ended.error_code, play.done) == ("completed", "", ["first", "second", "second"])


def test_only_what_ended_badly_and_stands_alone_can_be_tried_again(tenant_a, play):
    subject = new_id()
    job = start_job("test", subject_id=subject, requested_by=None)
    with pytest.raises(JobNotRetryableError):
        retry_job(job.id)
    cancel_job(job.id)
    start_job("test", subject_id=subject, requested_by=None)
    with pytest.raises(JobNotRetryableError):
        retry_job(job.id)
    with pytest.raises(NotFoundError):
        retry_job(new_id())


def test_a_torrent_of_reports_is_told_in_few_lines_with_the_last_one(tenant_a, play):
    def deed(context: StageContext) -> None:
        for done in range(1, 501):
            context.report(done, 500)

    play.on("first", deed)
    run_inline(start_job("test", subject_id=new_id(), requested_by=None).id)
    counts = [
        row.data["done"] for row in StreamEvent.objects.filter(data__stage="test.first", type__endswith=".progress")
    ]
    assert counts == sorted(counts)
    assert counts[-1] == 500
    assert len(counts) < 50


def test_jobs_of_one_organization_are_unknown_in_another(tenant_a, tenant_b, play):
    job = start_job("test", subject_id=new_id(), requested_by=None)
    with inside(tenant_b):
        assert latest_job(job.subject_id) is None
        assert runner.run_stage(job.id) is False
