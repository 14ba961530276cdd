"""Event to socket: from writing a line to the browser tab's end of the socket, beside a bare Valkey publish -> subscribe.

Real PostgreSQL, real Valkey, the real ASGI application in this process; run by `make bench`.
"""

import asyncio
import statistics
import time
from typing import Any

from redis.asyncio import Redis

from benchmarks import SHORT, Figure
from benchmarks.stage import organization, stage

_ROUNDS = 100 if SHORT else 400
_YARDSTICK = "bare Valkey publish -> subscribe"


def run() -> list[Figure]:
    """p50 and p95 in milliseconds, each as a ratio to the yardstick of the same run; on a test database of its own."""
    with stage():
        from django.conf import settings

        return _measured(settings)


def _measured(settings: Any) -> list[Figure]:
    from django.contrib.auth import get_user_model
    from django.test import Client

    from apps.kernel.tenancy.context import inside

    tenant = organization()
    client = Client()
    with inside(tenant):
        client.force_login(get_user_model().objects.get(role="analyst"))
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    return asyncio.run(
        _measure(tenant, cookie, f"alpha.{settings.PRISM_BASE_DOMAIN}:{settings.PRISM_PORT}", settings.VALKEY_URL)
    )


async def _measure(tenant: Any, cookie: str, host: str, valkey_url: str) -> list[Figure]:
    bare = await _bare_round_trips(valkey_url)
    whole = await _event_to_socket(tenant, cookie, host)
    return [
        (
            f"event to socket, {name}",
            _quantile(whole, share),
            "ms",
            _quantile(whole, share) / _quantile(bare, share),
            _YARDSTICK,
        )
        for name, share in (("p50", 0.50), ("p95", 0.95))
    ]


async def _event_to_socket(tenant: Any, cookie: str, host: str) -> list[float]:
    from django.conf import settings

    from apps.kernel.events.stream import emit
    from apps.kernel.tenancy.context import carrying
    from apps.kernel.tenancy.in_thread import tenant_db
    from config.routing import websocket_application
    from tests.doubles.socket_client import SocketClient

    headers = [
        (b"host", host.encode()),
        (b"origin", f"{settings.PRISM_SCHEME}://{host}".encode()),
        (b"cookie", cookie.encode()),
    ]
    line = SocketClient(websocket_application, "/ws/", headers=headers)
    accepted, code = await line.connect()
    if not accepted:
        message = f"socket refused: {code}"
        raise RuntimeError(message)
    await line.send_json({"type": "resume", "last_seq": None})
    await line.receive_json()
    taken = []
    for number in range(_ROUNDS):
        began = time.perf_counter()
        with carrying(tenant):
            await tenant_db(emit)("bench.said", {"number": number})
        await line.receive_json()
        taken.append((time.perf_counter() - began) * 1000)
    await line.disconnect()
    return taken


async def _bare_round_trips(valkey_url: str) -> list[float]:
    taken = []
    async with (
        Redis.from_url(valkey_url) as publisher,
        Redis.from_url(valkey_url) as reader,
        reader.pubsub() as subscription,
    ):
        await subscription.subscribe("bench")
        await subscription.get_message(timeout=1)
        for _ in range(_ROUNDS):
            began = time.perf_counter()
            await publisher.publish("bench", b"x")
            while await subscription.get_message(ignore_subscribe_messages=True, timeout=1) is None:
                pass
            taken.append((time.perf_counter() - began) * 1000)
    return taken


def _quantile(values: list[float], share: float) -> float:
    return statistics.quantiles(values, n=100)[round(share * 100) - 1]
