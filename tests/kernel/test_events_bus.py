"""Events: told after commit, to each receiver at least once, in order, and to the stream."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

import pytest
from django.db import transaction

from apps.kernel.clock import now
from apps.kernel.errors import UnavailableError
from apps.kernel.events import receivers_register
from apps.kernel.events.bus import Event, publish, subscribe
from apps.kernel.events.catalogue import from_payload, known_events, to_payload
from apps.kernel.events.models import OutboxEvent, StreamEvent
from apps.kernel.events.relay import MOST_ATTEMPTS, relay_due
from apps.kernel.identifiers import new_id
from apps.kernel.tenancy.context import inside


class Shade(StrEnum):
    DARK = "dark"


@dataclass(frozen=True, slots=True)
class Painted(Event):
    wire_name: ClassVar[str] = "test.painted"
    stream_type: ClassVar[str] = "test.painted"
    thing_id: UUID
    coats: int
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dried(Event):
    wire_name: ClassVar[str] = "test.dried"
    thing_id: UUID
    shade: Shade
    at: datetime
    by: UUID | None
    parts: tuple[UUID, ...]


HEARD: list[tuple[str, int]] = []
TROUBLE: dict[str, Exception] = {}


def first(event: Painted) -> None:
    if "first" in TROUBLE:
        raise TROUBLE["first"]
    HEARD.append(("first", event.coats))


def second(event: Painted) -> None:
    HEARD.append(("second", event.coats))


@pytest.fixture(autouse=True)
def receivers(monkeypatch):
    monkeypatch.setitem(receivers_register._receivers, "test.painted", {})
    subscribe(Painted, first)
    subscribe(Painted, second)
    HEARD.clear()
    TROUBLE.clear()


@pytest.fixture
def committing(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def painted(coats: int = 1) -> Painted:
    return Painted(thing_id=new_id(), coats=coats, keys=("a/b",))


def due_now() -> None:
    OutboxEvent.objects.update(not_before=now())


def test_receivers_hear_of_it_after_commit_in_order(tenant_a, committing):
    with committing():
        publish(painted(1))
        publish(painted(2))
        assert HEARD == []
    assert HEARD == [("first", 1), ("second", 1), ("first", 2), ("second", 2)]
    assert not OutboxEvent.objects.filter(relayed_at__isnull=True).exists()


def test_what_is_rolled_back_is_never_told(tenant_a, committing):
    with committing(), transaction.atomic():
        publish(painted())
        transaction.set_rollback(True)
    assert (HEARD, OutboxEvent.objects.count(), StreamEvent.objects.count()) == ([], 0, 0)


def test_an_event_of_a_killed_process_is_told_by_the_sweeper(tenant_a, committing):
    publish(painted())
    with committing():
        assert relay_due() == 0, "its own process still has time"
        due_now()
        assert relay_due() == 1
    assert HEARD == [("first", 1), ("second", 1)]


def test_a_failing_receiver_is_tried_again_alone(tenant_a, committing):
    TROUBLE["first"] = UnavailableError()
    with committing():
        publish(painted())
    row = OutboxEvent.objects.get()
    assert (HEARD, row.error_code, row.relayed_at) == ([("second", 1)], "unavailable", None)

    TROUBLE.clear()
    with committing():
        assert relay_due() == 0, "not before its time"
        due_now()
        relay_due()
    assert HEARD == [("second", 1), ("first", 1)]
    assert StreamEvent.objects.count() == 1
    assert OutboxEvent.objects.get().relayed_at is not None


def test_a_receivers_fault_neither_stops_the_others_nor_the_caller(tenant_a, committing):
    TROUBLE["first"] = ZeroDivisionError()
    with committing():
        publish(painted())
    assert HEARD == [("second", 1)]
    assert OutboxEvent.objects.get().relayed_at is None


def test_an_event_that_can_never_be_told_is_given_up_and_kept(tenant_a, committing):
    TROUBLE["first"] = UnavailableError()
    with committing():
        publish(painted())
    for _ in range(MOST_ATTEMPTS + 2):
        due_now()
        with committing():
            relay_due()
    row = OutboxEvent.objects.get()
    assert (row.attempts, row.relayed_at) == (MOST_ATTEMPTS, None)


def test_the_stream_gets_the_single_valued_fields(tenant_a, committing):
    event = painted(3)
    with committing():
        publish(event)
    row = StreamEvent.objects.get()
    assert (row.type, row.data) == ("test.painted", {"thing_id": str(event.thing_id), "coats": 3})


def test_an_event_of_newer_code_waits_for_who_knows_it(tenant_a, committing):
    OutboxEvent.objects.create(name="test.unheard_of", payload={}, not_before=now())
    with committing():
        relay_due()
    assert OutboxEvent.objects.get().relayed_at is None


def test_events_of_one_organization_are_unknown_in_another(tenant_a, tenant_b, committing):
    with committing():
        publish(painted())
    with inside(tenant_b):
        assert (OutboxEvent.objects.count(), StreamEvent.objects.count()) == (0, 0)


def test_an_event_comes_back_from_its_payload_as_it_was():
    event = Dried(
        thing_id=new_id(), shade=Shade.DARK, at=datetime(2026, 1, 2, tzinfo=UTC), by=None, parts=(new_id(), new_id())
    )
    assert from_payload("test.dried", to_payload(event)) == event


def test_a_field_that_is_no_plain_value_is_a_fault(tenant_a):
    with pytest.raises(TypeError, match="plain values"):
        publish(Painted(thing_id=timedelta(1), coats=1))  # type: ignore[arg-type]


def test_two_classes_cannot_share_a_name():
    with pytest.raises(TypeError, match="wire_name of its own"):

        class Other(Event):
            wire_name: ClassVar[str] = "test.painted"

    assert known_events()["test.painted"] is Painted
