"""The socket: every line once and in order, for those it is meant for, from their own page only."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client

from apps.kernel.clock import now
from apps.kernel.events import consumers, feed, hints
from apps.kernel.events.models import StreamEvent
from apps.kernel.events.retention import prune
from apps.kernel.events.stream import emit
from apps.kernel.tenancy.context import TenantRef, carrying, inside
from apps.kernel.tenancy.in_thread import tenant_db
from config.routing import websocket_application
from tests.doubles.socket_client import SocketClient

PORT = 8000


@pytest.fixture(autouse=True)
def hints_are_sent():
    """A test without the layer must not keep the next one from sending hints."""
    yield
    hints._Circuit.closed_until = 0.0


@pytest.fixture
def alpha(committed_tenants) -> TenantRef:
    return committed_tenants[0]


@pytest.fixture
def beta(committed_tenants) -> TenantRef:
    return committed_tenants[1]


def person(tenant: TenantRef, role: str = "analyst") -> Any:
    from apps.accounts.models import User

    with inside(tenant):
        return User.objects.get(role=role)


def cookie_of(tenant: TenantRef, role: str = "analyst") -> str:
    client = Client()
    with inside(tenant):
        client.force_login(person(tenant, role))
    return cookie_header(client.cookies)


def cookie_header(cookies: SimpleCookie) -> str:
    return f"{django_settings.SESSION_COOKIE_NAME}={cookies[django_settings.SESSION_COOKIE_NAME].value}"


def socket(tenant: TenantRef, cookie: str, *, origin: str | None = None, host: str | None = None) -> SocketClient:
    host = host or f"{tenant.slug}.localhost:{PORT}"
    headers = [
        (b"host", host.encode()),
        (b"cookie", cookie.encode()),
        (b"origin", (origin or f"http://{host}").encode()),
    ]
    if origin == "":
        headers.pop()
    return SocketClient(websocket_application, "/ws/", headers=headers)


@asynccontextmanager
async def opened(tenant: TenantRef, cookie: str, *, last_seq: int | None):
    """A socket that has said where it is, and been answered."""
    line = socket(tenant, cookie)
    accepted, _ = await line.connect(timeout=5)
    assert accepted
    await line.send_json({"type": "resume", "last_seq": last_seq})
    line.greeting = await line.receive_json(timeout=5)
    try:
        yield line
    finally:
        await line.disconnect(timeout=5)


async def say(tenant: TenantRef, number: int, **options: Any) -> int:
    with carrying(tenant):
        return await tenant_db(emit)("test.said", {"number": number}, **options)


async def numbers(line: SocketClient, count: int) -> list[int]:
    return [(await line.receive_json(timeout=5))["data"]["number"] for _ in range(count)]


def run(play: Callable[[], Awaitable[None]]) -> None:
    asyncio.run(play())


def test_lines_arrive_as_they_are_written(alpha):
    cookie = cookie_of(alpha)

    async def play() -> None:
        async with opened(alpha, cookie, last_seq=None) as line:
            seq = await say(alpha, 1)
            received = await line.receive_json(timeout=2)
            assert received["seq"] == seq
            assert (received["type"], received["data"]) == ("test.said", {"number": 1})
            assert received["at"].endswith("Z")

    run(play)


def test_who_was_away_gets_what_was_missed_then_what_comes_without_gap_or_double(alpha, monkeypatch):
    # Little memory, so that the database is read as well.
    monkeypatch.setattr(feed, "_REMEMBERED", 20)
    cookie = cookie_of(alpha)

    async def play() -> None:
        async with opened(alpha, cookie, last_seq=None) as keeper:
            first = await say(alpha, 0)
            for number in range(1, 300):
                await say(alpha, number)
            async with opened(alpha, cookie, last_seq=first) as line:
                assert line.greeting == {"type": "ready", "seq": first}
                writing = asyncio.gather(*[say(alpha, number) for number in range(300, 330)])
                seqs = [(await line.receive_json(timeout=5))["seq"] for _ in range(329)]
                await writing
                assert seqs == sorted(set(seqs))
                assert await line.receive_nothing(timeout=0.2)
            assert len(await numbers(keeper, 330)) == 330

    run(play)


def test_lines_are_committed_in_the_order_of_their_number(alpha):
    cookie = cookie_of(alpha)

    async def play() -> None:
        async with opened(alpha, cookie, last_seq=None) as line:
            await asyncio.gather(*[asyncio.to_thread(in_thread, alpha, number) for number in range(40)])
            seqs = [(await line.receive_json(timeout=5))["seq"] for _ in range(40)]
            assert seqs == sorted(set(seqs))

    run(play)


def in_thread(tenant: TenantRef, number: int) -> None:
    from django.db import connection

    with inside(tenant):
        emit("test.said", {"number": number})
    connection.close()


def test_a_lost_hint_costs_a_moment_and_no_line(alpha, monkeypatch):
    monkeypatch.setattr(feed, "_LOOK_WITH_HINTS_S", 0.2)
    cookie = cookie_of(alpha)

    async def play() -> None:
        async with opened(alpha, cookie, last_seq=None) as line:

            def unhinted() -> None:
                StreamEvent.objects.create(type="test.said", data={"number": 7})

            with carrying(alpha):
                await tenant_db(unhinted)()
            assert await numbers(line, 1) == [7]

    run(play)


def test_without_the_channel_layer_lines_still_come(alpha, settings, monkeypatch):
    monkeypatch.setattr(feed, "_LOOK_WITHOUT_HINTS_S", 0.1)
    settings.CHANNEL_LAYERS = {
        "default": {"BACKEND": "channels_redis.core.RedisChannelLayer", "CONFIG": {"hosts": ["redis://127.0.0.1:1/0"]}}
    }
    cookie = cookie_of(alpha)

    async def play() -> None:
        async with opened(alpha, cookie, last_seq=None) as line:
            await say(alpha, 1)
            await say(alpha, 2)
            assert await numbers(line, 2) == [1, 2]

    run(play)


def test_two_organizations_never_hear_each_other(alpha, beta):
    cookies = cookie_of(alpha), cookie_of(beta)

    async def play() -> None:
        async with opened(alpha, cookies[0], last_seq=0) as in_alpha, opened(beta, cookies[1], last_seq=0) as in_beta:
            for number in range(20):
                await say(alpha, number)
                await say(beta, 1000 + number)
            assert await numbers(in_alpha, 20) == list(range(20))
            assert await numbers(in_beta, 20) == list(range(1000, 1020))
            assert await in_alpha.receive_nothing(timeout=0.2)

    run(play)


def test_a_line_for_one_person_reaches_nobody_else(alpha):
    cookies = cookie_of(alpha, "analyst"), cookie_of(alpha, "viewer")
    analyst = person(alpha, "analyst")

    async def play() -> None:
        async with opened(alpha, cookies[0], last_seq=0) as hers, opened(alpha, cookies[1], last_seq=0) as his:
            await say(alpha, 1, recipient_id=analyst.pk)
            await say(alpha, 2)
            assert await numbers(hers, 2) == [1, 2]
            assert await numbers(his, 1) == [2]

    run(play)


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "null",
        "http://beta.localhost:8000",
        "http://localhost:8000",
        "https://alpha.localhost:8000",
        "http://alpha.localhost:8001",
        "http://alpha.localhost:8000.evil.example",
        "http://alpha.localhost:8000@evil.example",
        "http://alpha.localhost:8000/x",
    ],
)
def test_a_foreign_page_is_refused(alpha, origin):
    cookie = cookie_of(alpha)

    async def play() -> None:
        assert await socket(alpha, cookie, origin=origin).connect(timeout=5) == (False, 4403)

    run(play)


def test_nobody_gets_in_without_a_session_of_this_organization(alpha, beta):
    with inside(alpha):
        of_alpha = cookie_of(alpha)

    async def play() -> None:
        for cookie in ("", f"{django_settings.SESSION_COOKIE_NAME}=made-up-key-of-some-length", "x" * 5000):
            assert await socket(alpha, cookie).connect(timeout=5) == (False, 4401)
        assert await socket(beta, of_alpha).connect(timeout=5) == (False, 4401)
        assert await socket(alpha, of_alpha, host="nobody.localhost:8000").connect(timeout=5) == (False, 4403)

    run(play)


def test_a_socket_ends_when_its_person_may_no_longer_work(alpha, monkeypatch):
    monkeypatch.setattr(consumers.StreamConsumer, "ask_again_s", 0.05)
    cookie = cookie_of(alpha)

    def dismiss() -> None:
        person(alpha).__class__.objects.filter(role="analyst").update(is_active=False)

    async def play() -> None:
        async with opened(alpha, cookie, last_seq=None) as line:
            with carrying(alpha):
                await tenant_db(dismiss)()
            assert await line.receive_output(timeout=5) == {"type": "websocket.close", "code": 4401}

    run(play)


FORGED = [
    "",
    "{",
    "[]",
    "7",
    '{"type": 7}',
    '{"last_seq": 1}',
    '{"type": "resume", "last_seq": -1}',
    '{"type": "resume", "last_seq": "1"}',
    '{"type": "resume", "last_seq": true}',
    '{"type": "resume", "last_seq": 9223372036854775808}',
    '{"type": "resume", "last_seq": 1.5}',
    '{"type": "stream.hint"}',
    '{"type": "websocket.close"}',
    "[" * 2000,
]


@pytest.mark.parametrize("frame", FORGED)
def test_a_forged_frame_gets_an_error_and_the_socket_goes_on(alpha, frame):
    cookie = cookie_of(alpha)

    async def play() -> None:
        line = socket(alpha, cookie)
        await line.connect(timeout=5)
        await line.send_text(frame)
        answer = await line.receive_json(timeout=5)
        assert answer["type"] == "error"
        assert answer["code"] in {"frame_not_understood", "frame_not_expected"}
        await line.send_bytes(b"\xff\xfe")
        assert (await line.receive_json(timeout=5))["type"] == "error"
        await line.send_json({"type": "ping"})
        assert await line.receive_json(timeout=5) == {"type": "pong"}
        await line.disconnect(timeout=5)

    run(play)


def test_a_second_resume_changes_nothing(alpha):
    cookie = cookie_of(alpha)

    async def play() -> None:
        async with opened(alpha, cookie, last_seq=0) as line:
            await line.send_json({"type": "resume", "last_seq": 0})
            assert await line.receive_json(timeout=5) == {"type": "error", "code": "frame_not_expected"}

    run(play)


@pytest.mark.parametrize(("frame", "times", "code"), [("x" * 5000, 1, 1009), (json.dumps({"type": "ping"}), 51, 4429)])
def test_too_big_or_too_many_frames_end_the_socket(alpha, frame, times, code):
    cookie = cookie_of(alpha)

    async def play() -> None:
        line = socket(alpha, cookie)
        await line.connect(timeout=5)
        for _ in range(times):
            await line.send_text(frame)
        last: dict[str, object] = {}
        while last.get("type") != "websocket.close":
            last = await line.receive_output(timeout=5)
        assert last["code"] == code

    run(play)


def test_who_was_away_longer_than_the_stream_is_kept_is_told_to_load_anew(alpha):
    cookie = cookie_of(alpha)
    with inside(alpha):
        old = emit("test.said", {"number": 1})
        StreamEvent.objects.update(at=now() - timedelta(days=8))
        newest = emit("test.said", {"number": 2})
        assert prune() == 1

    async def play() -> None:
        async with opened(alpha, cookie, last_seq=old - 1) as line:
            assert line.greeting == {"type": "resync", "seq": newest}
            await say(alpha, 3)
            assert await numbers(line, 1) == [3]
        async with opened(alpha, cookie, last_seq=old) as line:
            assert line.greeting == {"type": "ready", "seq": old}
            assert await numbers(line, 2) == [2, 3]
        async with opened(alpha, cookie, last_seq=newest + 1000) as line:
            assert line.greeting["type"] == "resync"

    run(play)


def test_a_tenants_feed_ends_with_its_last_socket(alpha):
    cookie = cookie_of(alpha)

    async def play() -> None:
        async with opened(alpha, cookie, last_seq=None), opened(alpha, cookie, last_seq=None):
            (tail,) = feed._feeds[asyncio.get_running_loop()].values()
            assert tail.sockets == 2
        assert feed._feeds[asyncio.get_running_loop()] == {}

    run(play)
