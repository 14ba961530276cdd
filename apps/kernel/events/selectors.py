"""Reading the stream: what one person may see after a given line."""

from datetime import datetime
from typing import TypedDict
from uuid import UUID

from django.db import connection
from django.db.models import Q

from apps.kernel.errors import InvalidInputError
from apps.kernel.events.catalogue import JsonScalar
from apps.kernel.events.models import StreamEvent, StreamMark

MOST_ROWS = 200
_MOST_DIGITS = 18
# Every page asks this. GREATEST leaves out what is NULL: a stream without lines, one that nothing was pruned from.
_NEWEST = """
SELECT GREATEST(
    (SELECT MAX(seq) FROM events_streamevent), (SELECT MAX(pruned_through) FROM events_streammark WHERE id = 1), 0
)
"""


class Envelope(TypedDict):
    """One line as it goes to the browser."""

    seq: int
    type: str
    at: str
    data: dict[str, JsonScalar]


class StreamPage(TypedDict):
    """What a poll gets: the lines, where to go on, and whether lines are missing for good."""

    events: list[Envelope]
    last_seq: int
    resync: bool


def stream_page(user_id: UUID, after_text: str | None) -> StreamPage:
    """The lines after a number that this person may see; without one only where the stream stands. InvalidInputError for no number."""
    after = _number(after_text)
    newest = latest_seq()
    if after is None:
        return {"events": [], "last_seq": newest, "resync": False}
    if after > newest or after < pruned_through():
        return {"events": [], "last_seq": newest, "resync": True}
    events = events_after(user_id, after)
    last = events[-1]["seq"] if events else after
    # `newest` was read before the lines: whatever was committed up to it has been looked at, unless the page is full.
    return {"events": events, "last_seq": last if len(events) == MOST_ROWS else max(newest, last), "resync": False}


def envelope(row: StreamEvent) -> Envelope:
    """The line as the browser gets it."""
    return {"seq": row.seq, "type": row.type, "at": _iso(row.at), "data": row.data}


def events_after(user_id: UUID, seq: int, *, limit: int = MOST_ROWS) -> list[Envelope]:
    """What this person may see after `seq`, in order, at most `limit` lines."""
    visible = Q(recipient_id__isnull=True) | Q(recipient_id=user_id)
    return [envelope(row) for row in StreamEvent.objects.filter(visible, seq__gt=seq).order_by("seq")[:limit]]


def rows_after(seq: int, *, limit: int = MOST_ROWS) -> list[StreamEvent]:
    """Every line after `seq`, in order, whoever it is for: for code that shares one reading among several people."""
    return list(StreamEvent.objects.filter(seq__gt=seq).order_by("seq")[:limit])


def latest_seq() -> int:
    """The newest line's seq, or the newest that was pruned; 0 for a stream that never had one."""
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST)
        newest: int = cursor.fetchone()[0]
    return newest


def pruned_through() -> int:
    """The highest seq that retention has removed; whoever has less must load the state anew."""
    return StreamMark.objects.filter(id=1).values_list("pruned_through", flat=True).first() or 0


def _iso(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def _number(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS):
        raise InvalidInputError
    return int(text)
