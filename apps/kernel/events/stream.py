"""Write to the tenant's stream, which browsers follow."""

from collections.abc import Mapping
from uuid import UUID

from django.db import connection, transaction

from apps.kernel.events.catalogue import JsonScalar
from apps.kernel.events.hints import send_hint
from apps.kernel.events.models import StreamEvent
from apps.kernel.tenancy.cache_keys import group_name

STREAM_GROUP = "stream"


def emit(stream_type: str, data: Mapping[str, JsonScalar], *, recipient_id: UUID | None = None) -> int:
    """Append one line and return its seq; browsers are told after commit. With `recipient_id` only that person gets it.

    Lines are committed in the order of seq: the tenant's lock is held from taking the number until commit. Call it last in a
    transaction, and keep that transaction short.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('stream:' || current_schema(), 0))")
        row = StreamEvent.objects.create(type=stream_type, data=dict(data), recipient_id=recipient_id)
    group = group_name(STREAM_GROUP)

    def hint() -> None:
        send_hint(group)

    transaction.on_commit(hint, robust=True)
    return row.seq
