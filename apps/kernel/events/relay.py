"""Take events from the outbox to their receivers and to the stream: at least once, each receiver on its own.

An attempt is counted, and the next one timed, in a transaction before any receiver runs. So neither a fault nor a killed process
can make an event be lost or be tried without end. Events of one transaction are relayed in the order they were published; one
that a receiver refused is tried again later and holds up nobody.
"""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.db import transaction

from apps.kernel.clock import now
from apps.kernel.errors import DomainError
from apps.kernel.events.catalogue import Event, UnknownEventError, event_class, from_payload, stream_data
from apps.kernel.events.models import OutboxEvent
from apps.kernel.events.receivers_register import Receiver, receivers_of
from apps.kernel.events.stream import emit
from apps.kernel.tenancy.context import TenantRef, current_tenant, inside

MOST_ATTEMPTS = 10
_FIRST_RETRY_S = 5
_LONGEST_RETRY_S = 3600
_BATCH = 200

logger = logging.getLogger(__name__)


def relay_event(seq: int, tenant: TenantRef) -> None:
    """Bring one event to the receivers that have not had it; nothing when another process is at it."""
    with inside(tenant):
        row = _claimed(seq)
        if row is None:
            return
        try:
            event = from_payload(row.name, row.payload)
        except UnknownEventError:
            # Written by newer code: it stays for a process that knows it.
            logger.warning("outbox_event_unknown", extra={"event_name": row.name})
            return
        waiting = [name for name in _wanted_by(row.name) if name not in row.delivered_to]
        if not waiting:
            OutboxEvent.objects.filter(seq=seq).update(relayed_at=now(), error_code="")
        for name in waiting:
            # Django's robust callbacks keep one receiver's fault from the next receiver, and log it.
            transaction.on_commit(_delivery(seq, name, tenant, event), robust=True)


def relay_due() -> int:
    """Relay what is waiting in the current tenant and due, oldest first; returns how many events were taken up."""
    due = OutboxEvent.objects.filter(relayed_at__isnull=True, not_before__lte=now(), attempts__lt=MOST_ATTEMPTS)
    found = list(due.values_list("seq", flat=True)[:_BATCH])
    tenant = current_tenant()
    for seq in found:
        relay_event(seq, tenant)
    return len(found)


def _claimed(seq: int) -> OutboxEvent | None:
    """The event with one attempt more, or None when it is done, given up, or in other hands."""
    with transaction.atomic():
        row = OutboxEvent.objects.select_for_update(skip_locked=True).filter(seq=seq, relayed_at__isnull=True).first()
        if row is None or row.attempts >= MOST_ATTEMPTS:
            return None
        if row.attempts > 0 and row.not_before > now():
            return None
        row.attempts += 1
        wait_s = min(_LONGEST_RETRY_S, _FIRST_RETRY_S * 2 ** (row.attempts - 1))
        row.not_before = now() + timedelta(seconds=wait_s)
        row.save(update_fields=["attempts", "not_before"])
        return row


def _wanted_by(wire_name: str) -> dict[str, Receiver]:
    """The receivers of an event; the stream comes first."""
    kind = event_class(wire_name)
    told: dict[str, Receiver] = {"stream": _to_stream} if kind.stream_type else {}
    return told | receivers_of(wire_name)


def _to_stream(event: Event) -> None:
    emit(event.stream_type, stream_data(event))


def _delivery(seq: int, name: str, tenant: TenantRef, event: Event) -> Callable[[], None]:
    # A function and not a partial: Django logs a failed callback by its __qualname__.
    def deliver() -> None:
        _deliver(seq, name, tenant, event)

    return deliver


def _deliver(seq: int, name: str, tenant: TenantRef, event: Event) -> None:
    """Run one receiver and note that it is served, in one transaction; a domain error leaves it for a later attempt."""
    with inside(tenant):
        try:
            with transaction.atomic():
                row = OutboxEvent.objects.select_for_update().get(seq=seq)
                if name in row.delivered_to:
                    return
                wanted = _wanted_by(row.name)
                wanted[name](event)
                row.delivered_to = [*row.delivered_to, name]
                if set(wanted) <= set(row.delivered_to):
                    row.relayed_at = now()
                    row.error_code = ""
                row.save(update_fields=["delivered_to", "relayed_at", "error_code"])
        except DomainError as error:
            logger.warning(
                "receiver_refused", extra={"event_name": event.wire_name, "receiver": name, "code": error.code}
            )
            OutboxEvent.objects.filter(seq=seq).update(error_code=error.code)
