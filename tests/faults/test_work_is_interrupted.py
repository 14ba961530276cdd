"""Work is interrupted on purpose: a worker is told to end, an organization is suspended or deleted in the middle of a review."""

import os
import random
import signal
import subprocess
import sys

import pytest

from apps.accounts.models import User
from apps.accounts.services.deactivate import deactivate_person
from apps.analysis.models import Finding, Reply, Run
from apps.documents.models import Section
from apps.feedback.models import Item
from apps.kernel.audit.models import AuditEntry
from apps.kernel.events.models import StreamEvent
from apps.kernel.jobs.models import Job, StageRun
from apps.kernel.tenancy.context import inside
from apps.tenants.services.suspend import resume_tenant, suspend_tenant
from tests.analysis.conftest import write_up
from tests.doubles.bedrock_wire import BedrockWire, Says
from tests.faults.conftest import signed_in, with_model
from tests.faults.processes import ROOT, Installation, Person, until
from tests.faults.test_workers_die import check_whole

PARALLEL = 2
SECTIONS = 8
ASKING = "analysis.ask_model"


@pytest.fixture
def asking(on_shared: Installation, model: BedrockWire) -> Installation:
    """A web process, with a model that takes its time. The lease is so long that nothing here can be owed to its end."""
    with_model(on_shared, model, PRISM_LLM_PARALLEL=str(PARALLEL))
    on_shared.settings |= {"JOBS_LEASE_S": "600"}
    model.otherwise = lambda _call: Says(delay_s=0.4)
    on_shared.start_web()
    return on_shared


def half_way(person: Person, model: BedrockWire) -> str:
    """A document of which the model has read some sections and is asked for more."""
    document_id: str = person.upload(write_up(SECTIONS)).json()["id"]
    until(lambda: model.call_count >= 3, within_s=40, what="the model is being asked")
    return document_id


def asking_stage(document_id: str) -> StageRun:
    return StageRun.objects.get(job__subject_id=document_id, name=ASKING)


def ended(asking: Installation, name: str) -> int:
    """The exit code of a process that was told to end, once it has."""
    process = asking.running.pop(name)
    return process.wait(timeout=60)


@pytest.mark.parametrize("comes", ["before", "after"])
def test_a_worker_that_is_told_to_end_hands_its_stage_to_another_at_once(asking, model, committed_tenants, comes):
    """No beat runs and the lease is ten minutes: the leaving worker itself has to see to it."""
    asking.start_worker("old")
    document_id = half_way(person := signed_in(asking), model)
    if comes == "before":
        asking.start_worker("new")
    os.kill(asking.running["old"].pid, signal.SIGTERM)
    assert ended(asking, "old") == 0
    if comes == "after":
        asked = model.call_count
        with inside(committed_tenants[0]):
            stage = asking_stage(document_id)
            assert (stage.state, stage.attempt, stage.crashes, stage.lease_until) == ("queued", 0, 0, None)
            assert Reply.objects.count() == asked, "what was billed is kept"
        asking.start_worker("new")
    until(lambda: person.state_of(document_id) == "completed", within_s=60, what="the other worker goes on")
    with inside(committed_tenants[0]):
        check_whole(document_id, sections=SECTIONS)
        stage = asking_stage(document_id)
        assert (stage.attempt, stage.crashes, stage.fence) == (1, 0, 2), "it was begun twice and no try was counted"
    assert model.call_count == SECTIONS, "nothing was asked twice"
    assert "Traceback" not in asking.log_of("old")


def test_a_stage_without_a_stopping_place_is_finished_by_the_worker_that_leaves(asking, model, committed_tenants):
    """A stage of one step ends with its results, and the next one belongs to another worker."""
    asking.settings["DJANGO_SETTINGS_MODULE"] = "tests.faults.poison_settings"
    asking.kill("web")
    asking.start_web()
    asking.start_worker("old", processes=1)
    person = signed_in(asking)
    document_id = person.upload(write_up(2), "terminated.docx").json()["id"]
    assert ended(asking, "old") == 0
    with inside(committed_tenants[0]):
        done = list(StageRun.objects.filter(state="completed").order_by("ordinal").values_list("name", flat=True))
        assert done == ["documents.extract", "test.poison"]
    asking.start_worker("new")
    until(lambda: person.state_of(document_id) == "completed", within_s=60, what="the other worker goes on")
    with inside(committed_tenants[0]):
        assert set(StageRun.objects.values_list("fence", "attempt")) == {(1, 1)}


def test_a_suspended_organization_is_left_alone_and_goes_on_by_itself_when_it_is_resumed(
    asking, model, committed_tenants
):
    alpha, _ = committed_tenants
    asking.start_worker()
    asking.start_beat()
    document_id = half_way(person := signed_in(asking), model)
    suspend_tenant("alpha", reason="unpaid")
    asked = model.call_count
    with inside(alpha):
        before = seen_by_people()
        until(lambda: asking_stage(document_id).state == "queued", within_s=30, what="the stage has stopped")
        assert seen_by_people() == before
        stage = asking_stage(document_id)
        assert (stage.attempt, stage.crashes, stage.lease_until, stage.woken_at) == (0, 0, None, None)
        assert Run.objects.get(version__document_id=document_id).state == "rules_done"
        assert Reply.objects.count() == model.call_count, "what was billed is kept"
    assert model.call_count <= asked + PARALLEL, "only what was on its way when it was suspended"
    assert person.get(f"/documents/{document_id}/").status_code == 403

    resume_tenant("alpha")
    until(lambda: person.state_of(document_id) == "completed", within_s=60, what="it goes on by itself")
    with inside(alpha):
        check_whole(document_id, sections=SECTIONS)
        assert (asking_stage(document_id).attempt, asking_stage(document_id).crashes) == (1, 0)
    assert model.call_count == SECTIONS, "nothing was asked twice"


def seen_by_people() -> dict[str, int]:
    """Everything that a person of the organization could come across."""
    return {kind.__name__: kind.objects.count() for kind in (Finding, Item, Section, AuditEntry, StreamEvent, Job)}


def test_a_deleted_organization_takes_its_review_along_and_the_worker_serves_the_others(
    asking, model, committed_tenants
):
    asking.start_worker(processes=1)
    half_way(signed_in(asking), model)
    command = [sys.executable, "manage.py", "delete_tenant", "alpha", "--confirm", "alpha"]
    subprocess.run(command, cwd=ROOT, env=asking.environment, check=True)
    asked = model.call_count
    neighbour = Person(asking)
    neighbour.session.headers["Host"] = f"beta.localhost:{asking.port}"
    assert neighbour.sign_in().status_code == 302
    document_id = neighbour.upload(write_up(2, salt=" of beta")).json()["id"]
    until(lambda: neighbour.state_of(document_id) == "completed", within_s=60, what="the neighbour's review")
    assert model.call_count <= asked + PARALLEL + 2, "the deleted one's other sections are not asked"
    assert "Traceback" not in asking.log_of("worker")
    kept = {file.parts[-4] for file in (asking.folder / "files").rglob("*") if file.is_file()}
    assert kept == {str(committed_tenants[1].id)}


def test_the_job_of_a_person_who_was_deactivated_goes_on(asking, model, committed_tenants):
    """A document belongs to the organization, not to who uploaded it."""
    alpha = committed_tenants[0]
    asking.start_worker()
    document_id = half_way(signed_in(asking), model)
    with inside(alpha):
        deactivate_person(User.objects.get(role="org_admin"), person_id=User.objects.get(role="analyst").pk)
    assert Person(asking).sign_in().status_code == 400, "the deactivated person is out"
    leader = signed_in(asking, "team_lead")
    until(lambda: leader.state_of(document_id) == "completed", within_s=60, what="the review is finished")
    with inside(alpha):
        check_whole(document_id, sections=SECTIONS)


def test_workers_that_are_replaced_one_after_the_other_lose_nothing_and_count_no_try(asking, model, committed_tenants):
    """A deploy at any moment: between two stages, within one, while a message is being taken."""
    dice = random.Random(8)  # noqa: S311  (the same course each time)
    model.otherwise = lambda _call: Says(delay_s=0.05)
    asking.settings["JOBS_SWEEP_INTERVAL_S"] = "1"
    asking.start_beat()
    asking.start_worker("worker0")
    person = signed_in(asking)
    ids = []
    for turn in range(4):
        ids += [person.upload(write_up(3, salt=f" {turn}.{n}"), f"{turn}.{n}.docx").json()["id"] for n in range(2)]
        goal = model.call_count + dice.randint(0, 5)
        until(lambda goal=goal: model.call_count >= goal, within_s=60, what="the model is being asked")
        os.kill(asking.running[f"worker{turn}"].pid, signal.SIGTERM)
        asking.start_worker(f"worker{turn + 1}")
        assert ended(asking, f"worker{turn}") == 0
    for document_id in ids:
        until(lambda one=document_id: person.state_of(one) == "completed", within_s=120, what="all are finished")
    with inside(committed_tenants[0]):
        for document_id in ids:
            check_whole(document_id, sections=3)
        assert set(StageRun.objects.values_list("attempt", "crashes")) == {(1, 0)}
    assert model.call_count == 3 * len(ids), "nothing was asked twice"
