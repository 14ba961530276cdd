"""The sweeper and the worker's message: whatever is lost on the way, the rows bring it back."""

import threading
import time
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import connection

from apps.kernel.clock import now
from apps.kernel.identifiers import new_id
from apps.kernel.jobs import runner, sweeper, wake
from apps.kernel.jobs.models import StageRun
from apps.kernel.jobs.selectors import job_by_id
from apps.kernel.jobs.services import start_job
from apps.kernel.jobs.stages import StageContext, stage
from apps.kernel.jobs.tasks import sweep
from apps.kernel.tenancy.context import inside
from config.celery import app

DONE: list[UUID] = []


@stage("test.counted", queue="default", time_limit_s=5)
def _counted(context: StageContext) -> None:
    DONE.append(context.subject_id)


@pytest.fixture(autouse=True)
def pipeline(settings):
    settings.PIPELINES = {"test": ["test.counted"]}
    DONE.clear()
    wake._Circuit.closed_until = 0.0
    yield
    wake._Circuit.closed_until = 0.0


@pytest.fixture
def no_broker():
    """A broker that refuses connections."""
    before = {name: app.conf[name] for name in ("task_always_eager", "broker_url", "broker_write_url")}
    pools = (app._pool, app.amqp._producer_pool)
    app.conf.update(
        task_always_eager=False, broker_url="redis://127.0.0.1:1/0", broker_write_url="redis://127.0.0.1:1/0"
    )
    app._pool = app.amqp._producer_pool = None
    yield
    app.conf.update(before)
    app._pool, app.amqp._producer_pool = pools


def waits_since(job_id: UUID, seconds: int) -> None:
    StageRun.objects.filter(job_id=job_id).update(not_before=now() - timedelta(seconds=seconds))


def test_a_lost_message_is_made_good_by_the_sweeper(tenant_a):
    job = start_job("test", subject_id=new_id(), requested_by=None)
    sweeper.sweep()
    assert DONE == [], "its own message still has time"
    waits_since(job.id, 11)
    sweeper.sweep()
    assert [job.subject_id] == DONE
    assert job_by_id(job.id).state == "completed"


def test_a_retry_is_called_when_its_time_has_come(tenant_a):
    job = start_job("test", subject_id=new_id(), requested_by=None)
    StageRun.objects.filter(job=job).update(
        woken_at=now() - timedelta(seconds=5), not_before=now() - timedelta(seconds=1)
    )
    sweeper.sweep()
    assert [job.subject_id] == DONE


def test_a_call_that_was_just_made_is_not_made_again(tenant_a):
    job = start_job("test", subject_id=new_id(), requested_by=None)
    StageRun.objects.filter(job=job).update(
        woken_at=now() - timedelta(seconds=5), not_before=now() - timedelta(seconds=20)
    )
    sweeper.sweep()
    assert DONE == []
    StageRun.objects.filter(job=job).update(woken_at=now() - timedelta(seconds=31))
    sweeper.sweep()
    assert [job.subject_id] == DONE


def test_without_a_broker_starting_is_quick_and_the_job_waits(tenant_a, no_broker, django_capture_on_commit_callbacks):
    began = time.monotonic()
    with django_capture_on_commit_callbacks(execute=True):
        jobs = [start_job("test", subject_id=new_id(), requested_by=None) for _ in range(5)]
    assert time.monotonic() - began < 2
    assert [job_by_id(job.id).state for job in jobs] == ["queued"] * 5
    assert not StageRun.objects.filter(woken_at__isnull=False).exists()


def test_a_broken_organization_does_not_keep_the_others_waiting(committed_tenants):
    alpha, beta = committed_tenants
    with inside(alpha), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE jobs_stagerun RENAME TO jobs_lost")
    with inside(beta):
        job = start_job_quietly()
        waits_since(job, 11)
    sweep()
    with inside(beta):
        assert job_by_id(job).state == "completed"


def test_two_workers_that_race_for_a_stage_run_it_once(committed_tenants):
    alpha, _ = committed_tenants
    with inside(alpha):
        jobs = [start_job_quietly() for _ in range(10)]
    start = threading.Barrier(4)

    def work() -> None:
        start.wait()
        with inside(alpha):
            for job_id in jobs:
                runner.run_stage(job_id)
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with inside(alpha):
        assert [job_by_id(job_id).state for job_id in jobs] == ["completed"] * 10
    assert len(DONE) == len(set(DONE)) == 10


def start_job_quietly() -> UUID:
    """A committed job whose message was lost."""
    wake._Circuit.closed_until = time.monotonic() + 60
    job = start_job("test", subject_id=new_id(), requested_by=None)
    wake._Circuit.closed_until = 0.0
    return job.id
