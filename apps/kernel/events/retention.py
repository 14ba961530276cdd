"""Forget old lines of the stream and events that are done."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Max

from apps.kernel.clock import now
from apps.kernel.events.models import OutboxEvent, StreamEvent, StreamMark

STREAM_KEPT = timedelta(days=7)
OUTBOX_KEPT = timedelta(days=7)


def prune() -> int:
    """Remove what is older than a week from the current tenant; returns the number of stream lines removed."""
    with transaction.atomic():
        old = StreamEvent.objects.filter(at__lt=now() - STREAM_KEPT)
        newest: int | None = old.aggregate(newest=Max("seq"))["newest"]
        if newest is not None:
            mark, _ = StreamMark.objects.get_or_create(id=1)
            mark.pruned_through = max(mark.pruned_through, newest)
            mark.save()
        # By seq, not by time: a clock that jumped must not leave a hole behind the mark.
        removed, _ = StreamEvent.objects.filter(seq__lte=newest or 0).delete()
    OutboxEvent.objects.filter(relayed_at__lt=now() - OUTBOX_KEPT).delete()
    return removed
