"""The embedded servers start from nothing, are found again, come back after kill -9, and stop for good."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stack.installation import eventually, installation, postmaster, processes_of, run

START = "from tools.stack import servers; print(*servers.start())"
STOP = "from tools.stack import servers; servers.stop()"
WRITE = """
import psycopg
from tools.stack.places import POSTGRES
with psycopg.connect(host=str(POSTGRES), user="postgres", dbname="prism") as connection:
    connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
"""
READ = """
import psycopg
from tools.stack.places import POSTGRES
with psycopg.connect(host=str(POSTGRES), user="postgres", dbname="prism") as connection:
    print(connection.execute("SELECT answer FROM kept").fetchone()[0], connection.execute("SHOW max_connections").fetchone()[0])
"""
PING = "from redis import Redis; from tools.stack.places import VALKEY; print(Redis.from_url((VALKEY / 'url').read_text().strip()).ping())"


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    with installation(tmp_path) as folder:
        yield folder


def test_servers_start_from_nothing_are_found_again_and_leave_no_process(data: Path) -> None:
    assert run(data, START) == "postgres valkey"
    assert run(data, START) == "", "a second start must find both running"
    run(data, WRITE)
    assert run(data, PING) == "True"
    run(data, STOP)
    assert eventually(lambda: not processes_of(data), within_s=5), processes_of(data)
    run(data, START)
    assert run(data, READ) == "42 200"


def test_a_killed_postgres_comes_back_with_its_data(data: Path) -> None:
    run(data, START)
    run(data, WRITE)
    killed = postmaster(data)
    os.kill(killed, signal.SIGKILL)
    assert run(data, START) == "postgres"
    assert postmaster(data) != killed
    assert run(data, READ) == "42 200"


def test_a_killed_valkey_comes_back(data: Path) -> None:
    run(data, START)
    (valkey,) = (pid for pid, words in processes_of(data).items() if "valkey-server" in words)
    os.kill(valkey, signal.SIGKILL)
    assert run(data, START) == "valkey"
    assert run(data, PING) == "True"


def test_a_stale_note_that_names_a_stranger_neither_stops_the_start_nor_ends_the_stranger(data: Path) -> None:
    run(data, START)
    note = data / "postgres" / "postmaster.pid"
    lines = note.read_text().splitlines()
    run(data, STOP)
    note.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    run(data, STOP)  # must not end this very process
    note.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    assert run(data, START).split()[0] == "postgres"
    assert postmaster(data) != os.getpid()


def test_servers_that_the_environment_names_are_not_started(data: Path) -> None:
    named = "import os; os.environ.update(DATABASE_URL='postgresql://elsewhere/prism', VALKEY_URL='redis://elsewhere:6379/0'); "
    assert run(data, named + START) == ""
    assert not processes_of(data)
