"""The outbox under real commits: processes die between commit and relay, relays crash and race, and everybody is told."""

import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

import pytest
from django.conf import settings as django_settings
from django.db import connection, transaction

from apps.kernel.clock import now
from apps.kernel.events import receivers_register
from apps.kernel.events.bus import Event, publish, subscribe
from apps.kernel.events.models import OutboxEvent, StreamEvent
from apps.kernel.events.relay import relay_due, relay_event
from apps.kernel.events.retention import prune
from apps.kernel.events.stream import emit
from apps.kernel.identifiers import new_id
from apps.kernel.jobs.models import Job
from apps.kernel.tenancy.context import TenantRef, inside
from tests.faults.processes import ROOT


@dataclass(frozen=True, slots=True)
class Cooked(Event):
    wire_name: ClassVar[str] = "test.cooked"
    stream_type: ClassVar[str] = "test.cooked"
    dish_id: UUID


TOLD: Counter[UUID] = Counter()
CRASH, HOLD, ENTERED, PASSED = (threading.Event() for _ in range(4))
WAITED: list[bool] = []


def serves(event: Cooked) -> None:
    """A receiver that writes, and can be made to fail behind its writing."""
    emit("test.served", {"dish_id": str(event.dish_id)})
    if CRASH.is_set():
        raise ZeroDivisionError
    if HOLD.is_set():
        ENTERED.set()
        WAITED.append(PASSED.wait(timeout=5))
    TOLD[event.dish_id] += 1


@pytest.fixture
def alpha(committed_tenants: tuple[TenantRef, TenantRef], monkeypatch: pytest.MonkeyPatch) -> TenantRef:
    monkeypatch.setitem(receivers_register._receivers, "test.cooked", {})
    subscribe(Cooked, serves)
    TOLD.clear()
    WAITED.clear()
    for event in (CRASH, HOLD, ENTERED, PASSED):
        event.clear()
    return committed_tenants[0]


def side_by_side(tenant: TenantRef, deed: Callable[[], object], *, times: int) -> None:
    """The deed in so many threads that begin together."""
    start = threading.Barrier(times)
    faults: list[BaseException] = []

    def work() -> None:
        start.wait()
        try:
            with inside(tenant):
                deed()
        except BaseException as error:  # noqa: BLE001  (a thread's fault must not be lost)
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


def served() -> int:
    """How often the receiver's writing was kept."""
    return StreamEvent.objects.filter(type="test.served").count()


def all_due() -> None:
    OutboxEvent.objects.filter(relayed_at__isnull=True).update(not_before=now())


DIES_AFTER_COMMIT = """
import os, signal, django
django.setup()
from uuid import UUID
from django.db import transaction
from apps.documents.events import DocumentUploaded
from apps.kernel.events.bus import publish
from apps.kernel.tenancy.context import active_tenant_by_id, inside
with inside(active_tenant_by_id(UUID({tenant!r}))):
    with transaction.atomic():
        # Registered first, so it runs before the relay does: committed, and told to nobody.
        transaction.on_commit(lambda: os.kill(os.getpid(), signal.SIGKILL))
        publish(DocumentUploaded(document_id=UUID({document!r}), uploaded_by=UUID({document!r})))
"""


def test_a_process_that_dies_between_commit_and_relay_loses_no_event(committed_tenants):
    """The upload's own event: without it no review would ever begin."""
    import os

    alpha, document_id = committed_tenants[0], new_id()
    script = DIES_AFTER_COMMIT.format(tenant=str(alpha.id), document=str(document_id))
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "config.settings.test",
        "PRISM_TEST_DATABASE": str(django_settings.DATABASES["default"]["NAME"]),
    }
    died = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, timeout=60, check=False)
    assert died.returncode == -9
    with inside(alpha):
        waiting = OutboxEvent.objects.get()
        assert (waiting.name, waiting.attempts, waiting.relayed_at) == ("document.uploaded", 0, None)
        assert not Job.objects.exists()
        all_due()
        relay_due()
        assert Job.objects.filter(pipeline="review", subject_id=document_id).count() == 1
        assert OutboxEvent.objects.get(pk=waiting.pk).relayed_at is not None


def test_a_receiver_that_crashes_behind_its_writing_leaves_nothing_and_is_told_again(alpha):
    dish = new_id()
    CRASH.set()
    with inside(alpha):
        publish(Cooked(dish_id=dish))
        assert served() == 0, "its writing went with it"
        assert OutboxEvent.objects.get().relayed_at is None
        assert StreamEvent.objects.filter(type="test.cooked").count() == 1, "the others were served"
        CRASH.clear()
        all_due()
        relay_due()
        assert served() == 1
        assert Counter({dish: 1}) == TOLD
        assert StreamEvent.objects.filter(type="test.cooked").count() == 1


def test_relays_that_race_tell_each_receiver_once(alpha):
    dishes = [new_id() for _ in range(20)]
    CRASH.set()
    with inside(alpha):
        with transaction.atomic():
            for dish in dishes:
                publish(Cooked(dish_id=dish))
        CRASH.clear()
        all_due()
    side_by_side(alpha, relay_due, times=4)
    with inside(alpha):
        # What one relay held while another passed by is due again at the next sweep.
        all_due()
        relay_due()
        assert Counter(dict.fromkeys(dishes, 1)) == TOLD
        assert served() == 20
        assert not OutboxEvent.objects.filter(relayed_at__isnull=True).exists()
        assert StreamEvent.objects.filter(type="test.cooked").count() == 20


def test_two_relays_that_have_both_taken_an_event_up_tell_it_once(alpha):
    dish = new_id()
    CRASH.set()
    with inside(alpha):
        publish(Cooked(dish_id=dish))
        CRASH.clear()
        seq = OutboxEvent.objects.get().seq
        # Neither delivers before the transaction ends, so both hold it at the same time.
        with transaction.atomic():
            for _ in range(2):
                all_due()
                relay_event(seq, alpha)
        assert OutboxEvent.objects.get().attempts == 3
        assert Counter({dish: 1}) == TOLD
        assert served() == 1


def test_a_relay_passes_by_what_another_has_in_hand(alpha):
    dish = new_id()
    CRASH.set()
    with inside(alpha):
        publish(Cooked(dish_id=dish))
        CRASH.clear()
        all_due()
        seq = OutboxEvent.objects.get().seq
    HOLD.set()
    first = threading.Thread(target=lambda: side_by_side(alpha, relay_due, times=1))
    first.start()
    assert ENTERED.wait(timeout=10)
    relay_event(seq, alpha)
    PASSED.set()
    first.join()
    assert WAITED == [True], "the second was done while the first was still at it"
    assert Counter({dish: 1}) == TOLD


def test_a_reader_never_sees_a_line_before_an_earlier_one(alpha):
    """Numbers are given in the order of commit: whoever has read up to n can miss nothing below n."""
    ended = threading.Event()
    seen: list[list[int]] = []

    def read() -> None:
        with inside(alpha):
            while not ended.is_set():
                seen.append(list(StreamEvent.objects.order_by("seq").values_list("seq", flat=True)))
        connection.close()

    reader = threading.Thread(target=read)
    reader.start()
    side_by_side(alpha, lambda: [emit("test.said", {"number": n}) for n in range(15)], times=4)
    ended.set()
    reader.join()
    with inside(alpha):
        everything = list(StreamEvent.objects.order_by("seq").values_list("seq", flat=True))
    assert len(everything) == len(set(everything)) == 60
    assert len(seen) > 3
    for snapshot in seen:
        assert snapshot == everything[: len(snapshot)]


def test_what_is_not_yet_told_is_kept_however_old_it_is(alpha):
    from datetime import timedelta

    with inside(alpha):
        publish(Cooked(dish_id=new_id()))
        CRASH.set()
        publish(Cooked(dish_id=new_id()))
        old = now() - timedelta(days=30)
        OutboxEvent.objects.update(at=old)
        OutboxEvent.objects.filter(relayed_at__isnull=False).update(relayed_at=old)
        StreamEvent.objects.update(at=old)
        prune()
        assert OutboxEvent.objects.count() == 1
        assert OutboxEvent.objects.get().relayed_at is None
        assert not StreamEvent.objects.exists()


def test_the_beat_asks_for_the_sweep_and_for_the_housekeeping():
    asked = {entry["task"] for entry in django_settings.CELERY_BEAT_SCHEDULE.values()}
    assert asked >= {"jobs.sweep", "events.prune"}
