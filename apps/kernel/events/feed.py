"""One reading of a tenant's stream for all its sockets in this process.

A hint, or a few seconds without one, makes the feed read the new lines once; every socket takes its own from memory. A socket that is
further behind than memory reads the database itself. Lines come in the order of seq, so nothing can appear behind a line already read.
"""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from uuid import UUID
from weakref import WeakKeyDictionary

from channels.layers import get_channel_layer
from django.db import DatabaseError

from apps.kernel.events.hints import HINT_TYPE, LAYER_ERRORS
from apps.kernel.events.models import StreamEvent
from apps.kernel.events.selectors import MOST_ROWS, Envelope, envelope, events_after, latest_seq, rows_after
from apps.kernel.events.stream import STREAM_GROUP
from apps.kernel.tenancy.cache_keys import group_name
from apps.kernel.tenancy.context import current_tenant
from apps.kernel.tenancy.in_thread import tenant_db

_REMEMBERED = 1000
_LOOK_WITH_HINTS_S = 5.0
_LOOK_WITHOUT_HINTS_S = 1.0
_JOIN_AGAIN_S = 3600.0
_LONGEST_JOIN_S = 2.0

logger = logging.getLogger(__name__)


class TenantFeed:
    """The tail of one tenant's stream in memory, for the sockets on one event loop."""

    def __init__(self) -> None:
        self.sockets = 0
        self._floor = 0
        self._seq = 0
        self._recent: deque[StreamEvent] = deque()
        self._news = asyncio.Condition()
        # A flag and no cancellation: one that comes while SQL runs in its thread is swallowed on the way.
        self._stopping = asyncio.Event()
        self._start: asyncio.Task[None] | None = None
        self._follower: asyncio.Task[None] | None = None

    async def started(self) -> None:
        """Return when the feed stands at the newest line and follows from there; all who wait share one start."""
        if self._start is None:
            self._start = asyncio.create_task(self._begin())
        await asyncio.shield(self._start)

    async def stop(self) -> None:
        """Follow no longer."""
        self._stopping.set()
        for task in (self._start, self._follower):
            if task is not None:
                await asyncio.wait([task])

    async def wait_beyond(self, seq: int) -> None:
        """Return when the stream has a line after `seq`."""
        async with self._news:
            await self._news.wait_for(lambda: self._seq > seq)

    async def lines_after(self, seq: int, *, user_id: UUID) -> tuple[list[Envelope], int]:
        """The next lines this person may see, and the seq up to which they were looked for."""
        upto = self._seq
        if seq < self._floor:
            lines = await tenant_db(events_after)(user_id, seq)
            last = lines[-1]["seq"] if lines else seq
            # More may lie behind a full page; a shorter one holds all that was committed before it was read.
            return lines, last if len(lines) == MOST_ROWS else max(upto, last)
        mine = [row for row in self._recent if seq < row.seq <= upto and row.recipient_id in (None, user_id)]
        return [envelope(row) for row in mine], max(seq, upto)

    async def _begin(self) -> None:
        self._floor = self._seq = await tenant_db(latest_seq)()
        if self._stopping.is_set():
            return
        self._follower = asyncio.create_task(self._follow())

    async def _follow(self) -> None:
        hints = _Hints(self._stopping)
        try:
            while not self._stopping.is_set():
                try:
                    await hints.next()
                except LAYER_ERRORS as error:
                    hints.lost(error)
                    await asyncio.sleep(_LOOK_WITHOUT_HINTS_S)
                try:
                    await self._read()
                except DatabaseError as error:
                    logger.warning("stream_not_readable", extra={"reason": type(error).__name__})
                    await asyncio.sleep(_LOOK_WITHOUT_HINTS_S)
        finally:
            await hints.leave()

    async def _read(self) -> None:
        """Take over what is new, page by page."""
        while True:
            rows = await tenant_db(rows_after)(self._seq)
            if not rows:
                return
            self._recent.extend(rows)
            while len(self._recent) > _REMEMBERED:
                self._floor = self._recent.popleft().seq
            async with self._news:
                self._seq = rows[-1].seq
                self._news.notify_all()


class _Hints:
    """This feed's place in the tenant's group of the channel layer."""

    def __init__(self, stopping: asyncio.Event) -> None:
        self._stopping = asyncio.ensure_future(stopping.wait())
        self._layer = get_channel_layer()
        self._group = group_name(STREAM_GROUP)
        self._channel = ""
        self._joined_at = 0.0
        self._was_lost = False
        self._receiving: asyncio.Future[object] | None = None

    async def next(self) -> None:
        """Return at the next hint, when the feed stops, or after some seconds."""
        moment = asyncio.get_running_loop().time()
        if not self._channel or moment - self._joined_at > _JOIN_AGAIN_S:
            async with asyncio.timeout(_LONGEST_JOIN_S):
                self._channel = self._channel or await self._layer.new_channel()
                await self._layer.group_add(self._group, self._channel)
            self._joined_at = moment
            # What was said before the group was joined has to be looked for: no waiting this time.
            return
        if self._receiving is None:
            self._receiving = asyncio.ensure_future(self._layer.receive(self._channel))
        # Not cancelled when the time is over: the layer ends a receive that is called off only seconds later.
        await asyncio.wait(
            [self._receiving, self._stopping], timeout=_LOOK_WITH_HINTS_S, return_when=asyncio.FIRST_COMPLETED
        )
        if self._receiving.done():
            received, self._receiving = self._receiving, None
            received.result()
            self._was_lost = False

    def lost(self, error: BaseException) -> None:
        """The layer is away: say so once, and join again when it is back."""
        if not self._was_lost:
            logger.warning("stream_hints_away", extra={"reason": type(error).__name__})
        self._was_lost = True
        self._channel = ""
        if self._receiving is not None:
            self._receiving.cancel()
            self._receiving = None

    async def leave(self) -> None:
        """Give up the place; a layer that is away forgets it by itself."""
        self._stopping.cancel()
        if self._channel:
            with suppress(*LAYER_ERRORS):
                await self._layer.group_discard(self._group, self._channel)
                if self._receiving is not None:
                    await self._layer.send(self._channel, {"type": HINT_TYPE})
                    await asyncio.wait([self._receiving], timeout=_LONGEST_JOIN_S)
        if self._receiving is not None:
            self._receiving.cancel()


_feeds: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[UUID, TenantFeed]] = WeakKeyDictionary()


@asynccontextmanager
async def followed() -> AsyncIterator[TenantFeed]:
    """The current tenant's feed on this event loop; it runs while somebody follows it."""
    feeds = _feeds.setdefault(asyncio.get_running_loop(), {})
    tenant_id = current_tenant().id
    feed = feeds.get(tenant_id)
    if feed is None:
        feed = feeds[tenant_id] = TenantFeed()
    feed.sockets += 1
    try:
        await feed.started()
        yield feed
    finally:
        feed.sockets -= 1
        if not feed.sockets:
            del feeds[tenant_id]
            await feed.stop()
