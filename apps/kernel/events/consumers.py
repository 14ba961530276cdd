"""The socket of a browser tab: it says where it is, and gets every line after that, in order, none twice.

Client -> server: `{"type": "resume", "last_seq": n}` first (null: from now on), `{"type": "ping"}` at will.
Server -> client: envelopes, and `ready`, `pong`, `resync` (load the state anew; lines go on from its seq), `error` (with a code).
"""

import asyncio
import json
from collections import deque
from collections.abc import Coroutine
from typing import TypedDict

from django.db import DatabaseError

from apps.kernel.events.feed import TenantFeed, followed
from apps.kernel.events.selectors import latest_seq, pruned_through
from apps.kernel.events.socket_door import NOBODY, Application, Person, Receive, Scope, Send, still_signed_in
from apps.kernel.tenancy.context import current_tenant
from apps.kernel.tenancy.in_thread import tenant_db

TOO_BIG = 1009
TOO_SLOW = 4408
TOO_MANY = 4429
GOING_AWAY = 1013

LARGEST_FRAME = 4096
_MOST_FRAMES = 50
_FRAMES_WITHIN_S = 10.0
_LONGEST_SEND_S = 10.0
_LARGEST_SEQ = 2**63 - 1
_CANCEL_AGAIN_S = 0.2


class Frame(TypedDict, total=False):
    """What a client may send."""

    type: str
    last_seq: int | None


class SocketClosedError(Exception):
    """The socket ends; `code` is told to the client, None when it has gone itself."""

    def __init__(self, code: int | None) -> None:
        super().__init__(code)
        self.code = code


class StreamConsumer:
    """One connection. Reading frames, sending lines and asking after the session go on side by side; the first to end ends all."""

    # How long a session that has ended may still be served.
    ask_again_s = 8.0

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._person: Person = scope["person"]
        self._receive = receive
        self._send_raw = send
        self._resumed: asyncio.Future[int | None] = asyncio.get_running_loop().create_future()
        self._frames: deque[float] = deque(maxlen=_MOST_FRAMES)

    @classmethod
    def as_asgi(cls) -> Application:
        """The ASGI application that makes one of these for each connection."""

        async def application(scope: Scope, receive: Receive, send: Send) -> None:
            await cls(scope, receive, send).serve()

        return application

    async def serve(self) -> None:
        """Serve the socket until either side has had enough."""
        await self._receive()
        await self._send_raw({"type": "websocket.accept"})
        try:
            async with followed() as feed:
                await self._close(await self._served(feed))
        except DatabaseError:
            await self._close(GOING_AWAY)

    async def _served(self, feed: TenantFeed) -> int | None:
        """Serve; returns the code to close with, None when the client has gone."""
        try:
            await _first_to_end(self._read_frames(), self._send_lines(feed), self._ask_after_session())
        except SocketClosedError as end:
            return end.code
        except DatabaseError:
            return GOING_AWAY
        return None

    async def _close(self, code: int | None) -> None:
        if code is not None:
            await self._send_raw({"type": "websocket.close", "code": code})

    async def _read_frames(self) -> None:
        while True:
            message = await self._receive()
            if message["type"] == "websocket.disconnect":
                raise SocketClosedError(None)
            await self._take(message.get("text") or "", is_text=message.get("text") is not None)

    async def _take(self, text: str, *, is_text: bool) -> None:
        moment = asyncio.get_running_loop().time()
        if len(self._frames) == _MOST_FRAMES and moment - self._frames[0] < _FRAMES_WITHIN_S:
            raise SocketClosedError(TOO_MANY)
        self._frames.append(moment)
        if len(text) > LARGEST_FRAME:
            raise SocketClosedError(TOO_BIG)
        frame = _frame_of(text) if is_text else None
        if frame is None:
            await self._send({"type": "error", "code": "frame_not_understood"})
        elif frame["type"] == "ping":
            await self._send({"type": "pong"})
        elif frame["type"] == "resume" and not self._resumed.done():
            self._resumed.set_result(frame.get("last_seq"))
        else:
            await self._send({"type": "error", "code": "frame_not_expected"})

    async def _send_lines(self, feed: TenantFeed) -> None:
        seq = await self._starting_point(await self._resumed)
        while True:
            lines, upto = await feed.lines_after(seq, user_id=self._person.user_id)
            for line in lines:
                await self._send(line)
            if upto == seq:
                await feed.wait_beyond(seq)
            seq = upto

    async def _starting_point(self, last_seq: int | None) -> int:
        """Where to go on. A client that is behind retention, or ahead of a restored database, is told to load anew."""
        newest = await tenant_db(latest_seq)()
        if last_seq is None:
            await self._send({"type": "ready", "seq": newest})
            return newest
        if last_seq > newest or last_seq < await tenant_db(pruned_through)():
            await self._send({"type": "resync", "seq": newest})
            return newest
        await self._send({"type": "ready", "seq": last_seq})
        return last_seq

    async def _ask_after_session(self) -> None:
        tenant = current_tenant()
        while True:
            await asyncio.sleep(self.ask_again_s)
            if await still_signed_in(tenant, self._person.session_key) != self._person:
                raise SocketClosedError(NOBODY)

    async def _send(self, content: object) -> None:
        """Send one frame; a reader that does not take it for ten seconds is let go, so that nothing piles up here."""
        try:
            async with asyncio.timeout(_LONGEST_SEND_S):
                await self._send_raw({"type": "websocket.send", "text": json.dumps(content, ensure_ascii=False)})
        except TimeoutError:
            raise SocketClosedError(TOO_SLOW) from None


def _frame_of(text: str) -> Frame | None:
    """The frame, or None for what is none."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(content, dict) or not isinstance(content.get("type"), str):
        return None
    if content["type"] != "resume":
        return {"type": content["type"]}
    last_seq = content.get("last_seq")
    if last_seq is None:
        return {"type": "resume", "last_seq": None}
    if isinstance(last_seq, bool) or not isinstance(last_seq, int) or not 0 <= last_seq <= _LARGEST_SEQ:
        return None
    return {"type": "resume", "last_seq": last_seq}


async def _first_to_end(*deeds: Coroutine[object, object, None]) -> None:
    """Run all until one ends, cancel the rest, and raise what the first one raised."""
    tasks = [asyncio.ensure_future(deed) for deed in deeds]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        # Again and again: a cancellation that comes while SQL runs in its thread is swallowed on the way.
        while pending := [task for task in tasks if not task.done()]:
            for task in pending:
                task.cancel()
            await asyncio.wait(pending, timeout=_CANCEL_AGAIN_S)
