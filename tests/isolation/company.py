"""What runs beside the operations: a socket in every organization, and a real worker on the broker."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from celery import current_app
from celery.contrib.testing.worker import start_worker
from django.conf import settings as django_settings

from config.routing import websocket_application
from tests.doubles.socket_client import SocketClient
from tests.isolation.stage import Furnished

QUEUE = "canaries"
QUEUES = [QUEUE, "default", "documents", "analysis"]


def host(home: Furnished) -> str:
    return f"{home.tenant.slug}.localhost"


@contextmanager
def sockets(stage: Any) -> Iterator[dict[str, list[str]]]:
    """A socket in every organization, open until the block ends; what each received."""
    frames: dict[str, list[str]] = {home.tenant.slug: [] for home in stage.homes}
    ended, opened = threading.Event(), threading.Barrier(len(stage.homes) + 1)

    async def follow(home: Furnished) -> None:
        origin = f"http://{host(home)}:8000".encode()
        value = f"{django_settings.SESSION_COOKIE_NAME}={stage.cookies[home.tenant.slug]}".encode()
        headers = [(b"host", f"{host(home)}:8000".encode()), (b"origin", origin), (b"cookie", value)]
        client = SocketClient(websocket_application, "/ws/", headers=headers)
        assert (await client.connect(timeout=30))[0]
        await client.send_json({"type": "resume", "last_seq": None})
        await client.receive_json(timeout=30)
        await asyncio.to_thread(opened.wait)
        while not ended.is_set() or not await client.receive_nothing(timeout=1):
            if not await client.receive_nothing(timeout=0.2):
                frames[home.tenant.slug].append(str(await client.receive_output(5)))
        await client.disconnect(timeout=10)

    async def all_of_them() -> None:
        await asyncio.gather(*(follow(home) for home in stage.homes))

    failed: list[BaseException] = []

    def loop() -> None:
        try:
            asyncio.run(all_of_them())
        except BaseException as error:  # noqa: BLE001 - shown by the test below
            failed.append(error)
            opened.abort()

    thread = threading.Thread(target=loop)
    thread.start()
    try:
        opened.wait(timeout=60)
        yield frames
    finally:
        ended.set()
        thread.join(timeout=60)
        assert failed == []


@contextmanager
def a_worker() -> Iterator[None]:
    """A real worker on the broker, in this process; tasks are sent, not called."""
    before = current_app.conf.task_always_eager
    current_app.conf.task_always_eager = False
    try:
        with start_worker(
            current_app, pool="threads", concurrency=2, perform_ping_check=False, queues=QUEUES, shutdown_timeout=60
        ):
            yield
    finally:
        current_app.conf.task_always_eager = before


def wait_for_the_worker(is_done: Callable[[], bool]) -> None:
    """Return when nothing waits in any queue; what it has begun the worker finishes before it stops."""
    deadline = time.monotonic() + 120
    with current_app.connection_for_read() as broker:
        client = broker.default_channel.client
        while time.monotonic() < deadline:
            if not sum(client.llen(queue) for queue in QUEUES) and is_done():
                return
            time.sleep(0.05)
