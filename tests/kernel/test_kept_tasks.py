"""A call of a task outlives its message: lost, late, doubled, or taken down with a worker."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from celery import shared_task
from django.db import transaction

from apps.kernel.clock import now
from apps.kernel.jobs import sweeper, wake
from apps.kernel.jobs.kept_task import KeptTask
from apps.kernel.jobs.models import KeptCall
from apps.kernel.tenancy.context import TenantRef, current_tenant
from tests.isolation.messages import header_for

DONE: list[tuple[str, str]] = []
FAULTS: list[Exception] = []
TASK = "test.kept"


@shared_task(
    base=KeptTask, name=TASK, time_limit=60, autoretry_for=(OSError,), retry_backoff=10, retry_jitter=False, max_retries=2
)  # fmt: skip
def kept(word: str) -> None:
    """A deed that goes wrong as often as there are faults."""
    if FAULTS:
        raise FAULTS.pop()
    DONE.append((current_tenant().slug, word))


@pytest.fixture(autouse=True)
def beginning() -> Any:
    DONE.clear()
    FAULTS.clear()
    wake._Circuit.closed_until = 0.0
    yield
    wake._Circuit.closed_until = 0.0


@pytest.fixture
def call(tenant_a: TenantRef, django_capture_on_commit_callbacks: Any) -> KeptCall:
    """A call whose message is lost."""
    with django_capture_on_commit_callbacks(execute=False):
        kept.delay("hello")
    return KeptCall.objects.get()


def arrives(call: KeptCall, tenant: TenantRef, *, tried: int = 0) -> None:
    """The message reaches a worker, which logs a fault and goes on."""
    headers = {"prism_tenant": header_for(tenant, TASK)}
    kept.apply(args=call.arguments, task_id=str(call.id), headers=headers, retries=tried, throw=False)


def time_passes(seconds: int) -> None:
    for one in KeptCall.objects.all():
        one.due_at -= timedelta(seconds=seconds)
        one.taken_until = one.taken_until and one.taken_until - timedelta(seconds=seconds)
        one.save()


def test_a_call_is_made_after_commit_and_leaves_nothing(
    tenant_a: TenantRef, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        kept.delay("hello")
        assert DONE == [], "not before the commit"
    assert DONE == [("alpha", "hello")]
    assert not KeptCall.objects.exists()


def test_what_the_row_would_not_keep_is_refused(tenant_a: TenantRef) -> None:
    with pytest.raises(TypeError, match="by position"):
        kept.delay(word="hello")
    with pytest.raises(TypeError, match="by position"):
        kept.apply_async(["hello"], countdown=60)
    assert not KeptCall.objects.exists()


def test_a_call_that_is_rolled_back_was_never_made(tenant_a: TenantRef) -> None:
    with transaction.atomic():
        kept.delay("hello")
        transaction.set_rollback(True)
    time_passes(100)
    sweeper.sweep()
    assert DONE == []
    assert not KeptCall.objects.exists()


def test_a_lost_message_is_sent_again_when_it_had_its_time(call: KeptCall) -> None:
    sweeper.sweep()
    assert DONE == [], "its own message still has time"
    time_passes(31)
    sweeper.sweep()
    assert DONE == [("alpha", "hello")]
    assert not KeptCall.objects.exists()


def test_a_message_that_comes_twice_or_an_hour_late_does_nothing_more(call: KeptCall, tenant_a: TenantRef) -> None:
    arrives(call, tenant_a)
    arrives(call, tenant_a)
    assert DONE == [("alpha", "hello")]


def test_what_another_worker_is_at_is_left_alone_until_that_one_must_be_dead(
    call: KeptCall, tenant_a: TenantRef
) -> None:
    in_work = now() + timedelta(seconds=75)
    KeptCall.objects.update(taken_until=in_work, due_at=in_work)
    arrives(call, tenant_a)
    time_passes(74)
    sweeper.sweep()
    assert DONE == []
    time_passes(2)
    sweeper.sweep()
    assert DONE == [("alpha", "hello")]


def test_what_may_pass_is_tried_again_later_and_later_and_then_given_up(call: KeptCall, tenant_a: TenantRef) -> None:
    FAULTS.extend([OSError(), OSError()])
    arrives(call, tenant_a)
    waits = KeptCall.objects.get()
    assert timedelta(seconds=8) < waits.due_at - now() <= timedelta(seconds=10)
    time_passes(10)
    sweeper.sweep()
    waits.refresh_from_db()
    assert waits.tries == 2
    assert timedelta(seconds=18) < waits.due_at - now() <= timedelta(seconds=20)
    time_passes(20)
    sweeper.sweep()
    assert DONE == [("alpha", "hello")]


@pytest.mark.parametrize(("faults", "tries"), [([OSError(), OSError(), OSError()], 3), ([ValueError()], 1)])
def test_after_the_last_try_and_after_a_fault_nothing_is_left_to_come_again(
    call: KeptCall, tenant_a: TenantRef, faults: list[Exception], tries: int
) -> None:
    FAULTS.extend(faults)
    for tried in range(tries):
        assert KeptCall.objects.get().tries == tried
        arrives(call, tenant_a, tried=tried)
    assert FAULTS == []
    assert DONE == []
    assert not KeptCall.objects.exists()


def test_without_a_broker_the_call_waits_and_each_next_message_waits_longer(
    call: KeptCall, monkeypatch: pytest.MonkeyPatch
) -> None:
    wake._Circuit.closed_until = float("inf")
    pauses = []
    for _ in range(3):
        time_passes(10_000)
        sweeper.sweep()
        pauses.append(round((KeptCall.objects.get().due_at - now()).total_seconds()))
    assert pauses == [60, 90, 120]
    wake._Circuit.closed_until = 0.0
    time_passes(120)
    sweeper.sweep()
    assert DONE == [("alpha", "hello")]


def test_a_call_that_nobody_ever_makes_is_given_up(call: KeptCall) -> None:
    wake._Circuit.closed_until = float("inf")
    KeptCall.objects.update(sent=99)
    time_passes(10_000)
    sweeper.sweep()
    assert KeptCall.objects.exists()
    time_passes(10_000)
    sweeper.sweep()
    assert not KeptCall.objects.exists()


def test_a_call_of_newer_code_stays_for_who_knows_it(call: KeptCall) -> None:
    KeptCall.objects.update(task="test.of_tomorrow", due_at=now() - timedelta(seconds=1))
    sweeper.sweep()
    assert isinstance(KeptCall.objects.get().id, UUID)
