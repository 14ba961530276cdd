"""Watches what leaves the process while the product works: log lines, and every command that reaches the shared Valkey."""

import base64
import json
import logging
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

_BASE64 = re.compile(r'"body": ?"([A-Za-z0-9+/=]{16,})"')


class LogLines(logging.Handler):
    """Every record with all that it carries."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        extra = {name: value for name, value in record.__dict__.items() if name not in {"msg", "args"}}
        self.lines.append(f"{record.getMessage()} {extra!r}")


@contextmanager
def logged() -> Iterator[LogLines]:
    """From INFO on, whatever logger it is."""
    handler, root = LogLines(), logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    try:
        yield handler
    finally:
        root.removeHandler(handler)
        root.setLevel(before)


class Commands:
    """What Valkey was told, as text; bodies of task messages are decoded."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def take(self, command: str) -> None:
        decoded = [
            base64.b64decode(body).decode("utf-8", "replace") for body in _BASE64.findall(command.replace('\\"', '"'))
        ]
        self.seen.append(" ".join([command, *decoded]))


@contextmanager
def watched(url: str) -> Iterator[Commands]:
    """MONITOR, from here to the end of the block."""
    commands, client = Commands(), Redis.from_url(url)
    ready, last = threading.Event(), "the end of the watch"
    finished = threading.Event()

    def listen() -> None:
        with suppress(RedisError, OSError, ValueError), client.monitor() as monitor:
            ready.set()
            for entry in monitor.listen():
                command: str = entry["command"]
                if last in command:
                    break
                commands.take(command)
        finished.set()

    threading.Thread(target=listen, daemon=True).start()
    assert ready.wait(10)
    try:
        yield commands
    finally:
        with Redis.from_url(url) as other:
            other.echo(last)
        assert finished.wait(60)
        client.close()


def as_json(content: bytes) -> Any:
    """The content, or None when it is none."""
    try:
        return json.loads(content)
    except ValueError:
        return None
