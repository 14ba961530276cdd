"""Publish an event in the caller's transaction; receivers hear of it after commit."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from django.db import transaction

from apps.kernel.clock import now
from apps.kernel.events.catalogue import Event, to_payload
from apps.kernel.events.models import OutboxEvent
from apps.kernel.events.receivers_register import add_receiver
from apps.kernel.events.relay import relay_event
from apps.kernel.tenancy.context import current_tenant

__all__ = ["Event", "publish", "subscribe"]

E = TypeVar("E", bound=Event)

# The process that publishes relays at once; the sweeper takes over what it has not done by then.
_SWEEPER_WAITS = timedelta(seconds=5)


def publish(event: Event) -> None:
    """Write `event` into the outbox: a rollback takes it back, a commit makes sure that every receiver hears of it at least once."""
    tenant = current_tenant()
    row = OutboxEvent.objects.create(name=event.wire_name, payload=to_payload(event), not_before=now() + _SWEEPER_WAITS)

    def relay() -> None:
        relay_event(row.seq, tenant)

    transaction.on_commit(relay, robust=True)


def subscribe(kind: type[E], receiver: Callable[[E], None]) -> None:
    """Call `receiver` for each event of `kind`, in its own transaction. It may be called twice for one event: it must not mind."""
    add_receiver(kind, receiver)
