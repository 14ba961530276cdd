"""Workers are killed, stopped and doubled in the middle of real reviews: nothing is lost, nothing is done twice."""

import os
import random
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from kombu import Connection

from apps.analysis.models import Finding, Reply, Run
from apps.documents.models import Section
from apps.feedback.models import Item
from apps.kernel.audit.models import AuditEntry
from apps.kernel.jobs.models import Job, StageRun
from apps.kernel.jobs.wake import RUN_STAGE
from apps.kernel.tenancy.context import inside
from config.celery import app
from tests.analysis.conftest import write_up
from tests.doubles.bedrock_wire import BedrockWire, Says
from tests.faults.conftest import signed_in, with_model
from tests.faults.processes import Installation, Person, until

PARALLEL = 2


@pytest.fixture
def asking(on_shared: Installation, model: BedrockWire) -> Installation:
    """Web and beat, with a model that takes its time; workers are the test's business."""
    with_model(on_shared, model, PRISM_LLM_PARALLEL=str(PARALLEL))
    model.otherwise = lambda _call: Says(delay_s=0.15)
    on_shared.start_web()
    on_shared.start_beat()
    return on_shared


def asked_sections(model: BedrockWire) -> Counter[str]:
    return Counter(call.prompt.split("\nTEXT\n", 1)[1] for call in model.calls)


def check_whole(document_id: str, *, sections: int) -> Run:
    """One finished run in which every section was read once and nothing is doubled."""
    run = Run.objects.get(version__document_id=document_id)
    assert (run.state, run.rules_only_sections) == ("finished", [])
    assert Section.objects.filter(version=run.version).count() == sections
    assert Reply.objects.filter(run=run).count() == sections
    said = Counter(Finding.objects.filter(run=run).values_list("section", "description", "start", "end"))
    assert said
    assert set(said.values()) == {1}
    items = Counter(Item.objects.filter(review__run=run).values_list("section", "description", "start", "end"))
    assert items == said
    assert AuditEntry.objects.filter(action="analysis.finished", target_id=document_id).count() == 1
    return run


@pytest.mark.parametrize("kills", [1, 5])
def test_a_review_outlives_its_killed_workers(asking, model, committed_tenants, kills):
    sections = 16
    dice = random.Random(kills)  # noqa: S311  (the same course each time)
    asking.start_worker("worker0")
    person = signed_in(asking)
    document_id = person.upload(write_up(sections)).json()["id"]
    for kill in range(kills):
        goal = model.call_count + dice.randint(1, 3)
        until(lambda goal=goal: model.call_count >= goal, within_s=30, what="the model is being asked")
        asking.kill(f"worker{kill}")
        asking.start_worker(f"worker{kill + 1}")
    until(lambda: person.state_of(document_id) == "completed", within_s=45, what="the review is finished")
    with inside(committed_tenants[0]):
        check_whole(document_id, sections=sections)
        stage = StageRun.objects.get(job__subject_id=document_id, name="analysis.ask_model")
        assert stage.fence >= kills + 1
    # Asked twice is at most what was on its way when its worker died.
    assert model.call_count <= sections + kills * PARALLEL
    assert set(asked_sections(model).values()) <= {1, 2, 3}


def test_a_worker_that_was_frozen_cannot_write_when_it_wakes(asking, model, committed_tenants):
    asking.start_worker("frozen")
    person = signed_in(asking)
    document_id = person.upload(write_up(8)).json()["id"]
    until(lambda: model.call_count >= 3, within_s=30, what="the model is being asked")
    os.killpg(asking.running["frozen"].pid, signal.SIGSTOP)
    asking.start_worker("other")
    until(lambda: person.state_of(document_id) == "completed", within_s=40, what="the other one finishes it")
    with inside(committed_tenants[0]):
        before = sorted(Finding.objects.values_list("id", flat=True))
    os.killpg(asking.running["frozen"].pid, signal.SIGCONT)
    until(
        lambda: "stage_lease_lost" in asking.log_of("frozen") or "stage_result_dropped" in asking.log_of("frozen"),
        within_s=20,
        what="the first one notices that it was replaced",
    )
    with inside(committed_tenants[0]):
        check_whole(document_id, sections=8)
        assert sorted(Finding.objects.values_list("id", flat=True)) == before


def test_two_workers_and_messages_that_come_five_times_do_everything_once(asking, model, committed_tenants):
    asking.settings["JOBS_LEASE_S"] = "20"  # a busy machine must not look like a dead worker here
    asking.start_worker("one")
    asking.start_worker("two")
    person = signed_in(asking)
    ids = [person.upload(write_up(2, salt=f" case {number}"), f"{number}.docx").json()["id"] for number in range(4)]
    with inside(committed_tenants[0]), real_broker(asking) as connection:
        jobs = list(Job.objects.filter(subject_id__in=ids).values_list("id", flat=True))
        for job_id in jobs:
            for queue in ("default", "documents", "analysis", "analysis", "documents"):
                app.tasks[RUN_STAGE].apply_async(args=(str(job_id),), queue=queue, connection=connection)
    for document_id in ids:
        until(lambda one=document_id: person.state_of(one) == "completed", within_s=40, what="all are finished")
    with inside(committed_tenants[0]):
        for document_id in ids:
            check_whole(document_id, sections=2)
        assert set(StageRun.objects.values_list("fence", flat=True)) == {1}, "each stage was begun once"
    assert model.call_count == 8


@contextmanager
def real_broker(built: Installation) -> Iterator[Connection]:
    """This process sends to the installation's broker instead of running tasks itself."""
    before = app.conf.task_always_eager
    app.conf.task_always_eager = False
    try:
        with Connection(built.environment["CELERY_BROKER_URL"]) as connection:
            yield connection
    finally:
        app.conf.task_always_eager = before


def test_a_cancelled_review_stops_within_a_section_and_can_go_on(asking, model, committed_tenants):
    model.otherwise = lambda _call: Says(delay_s=0.6)
    asking.start_worker()
    person = signed_in(asking)
    document_id = person.upload(write_up(8)).json()["id"]
    until(lambda: model.call_count >= 3, within_s=30, what="the model is being asked")
    assert person.post(f"/documents/{document_id}/cancel/").status_code == 302
    asked = model.call_count
    until(lambda: person.state_of(document_id) == "cancelled", within_s=8, what="it has stopped")
    assert model.call_count <= asked + PARALLEL
    page = person.get(f"/documents/{document_id}/progress/").text
    assert "cancelled" in page.lower()
    with inside(committed_tenants[0]):
        kept = Reply.objects.count()
        assert kept >= asked - PARALLEL, "what was billed is kept"

    model.calls.clear()
    assert person.post(f"/documents/{document_id}/retry/").status_code == 302
    until(lambda: person.state_of(document_id) == "completed", within_s=30, what="it goes on")
    with inside(committed_tenants[0]):
        check_whole(document_id, sections=8)
    assert model.call_count == 8 - kept, "only what was missing is asked"


def test_a_poisoned_job_is_set_aside_after_three_deaths_and_its_neighbours_go_on(on_shared, committed_tenants):
    on_shared.settings["DJANGO_SETTINGS_MODULE"] = "tests.faults.poison_settings"
    on_shared.start_web()
    on_shared.start_beat()
    on_shared.start_worker()
    person = signed_in(on_shared)
    poisoned = person.upload(write_up(1), "poison.docx").json()["id"]
    neighbours = [person.upload(write_up(1), f"{number}.docx").json()["id"] for number in range(3)]
    for document_id in neighbours:
        until(lambda one=document_id: person.state_of(one) == "completed", within_s=30, what="the neighbours")
    until(lambda: person.state_of(poisoned) == "quarantined", within_s=40, what="the poisoned one is set aside")
    with inside(committed_tenants[0]):
        assert Job.objects.get(subject_id=poisoned).error_code == "worker_lost"
        stage = StageRun.objects.get(job__subject_id=poisoned, name="test.poison")
        assert (stage.crashes, stage.fence) == (3, 3)
    assert "could not be reviewed" in person.get(f"/documents/{poisoned}/progress/").text
    again = person.upload(write_up(1), "after.docx").json()["id"]
    until(lambda: person.state_of(again) == "completed", within_s=20, what="work goes on")


def test_without_a_beat_lost_messages_are_found_by_other_work(on_shared, committed_tenants):
    on_shared.start_web()
    person = signed_in(on_shared)
    lost = person.upload(write_up(1), "lost.docx").json()["id"]
    on_shared.kill("valkey")
    on_shared.start_valkey()
    on_shared.start_worker()
    with inside(committed_tenants[0]):
        until(lambda: is_old(lost), within_s=35, what="the call counts as unanswered")
    assert person.state_of(lost) == "queued"
    other = person.upload(write_up(1), "other.docx").json()["id"]
    until(lambda: person.state_of(other) == "completed", within_s=30, what="the other one")
    until(lambda: person.state_of(lost) == "completed", within_s=20, what="the lost one")


def is_old(document_id: str) -> bool:
    """Let the call be older than the sweeper's patience; the clock of the processes cannot be set from here."""
    from datetime import timedelta

    from apps.kernel.clock import now

    return bool(
        StageRun.objects.filter(job__subject_id=document_id, state="queued", woken_at__isnull=False).update(
            woken_at=now() - timedelta(seconds=60), not_before=now() - timedelta(seconds=60)
        )
    )


def test_people_of_all_roles_read_while_a_worker_dies(asking, model):
    asking.start_worker()
    document_id = signed_in(asking).upload(write_up(4)).json()["id"]
    until(lambda: model.call_count >= 1, within_s=30, what="the model is being asked")
    asking.kill("worker")
    viewer: Person = signed_in(asking, "viewer")
    assert viewer.get(f"/documents/{document_id}/").status_code == 200
    assert viewer.get("/").status_code == 200
