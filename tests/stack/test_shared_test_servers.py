"""Runs of tests and benchmarks share their servers: none stops another's, the last clears up, however the others ended."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests import servers
from tests.stack.installation import ROOT, eventually

pytestmark = pytest.mark.stack

USE = """
import sys
from pathlib import Path
from tests import servers
folder = Path(sys.argv[1])
with servers.in_use(folder):
    with servers.one_at_a_time(folder):
        servers.ensure_postgres(folder), servers.ensure_valkey(folder)
    (folder / "files" / sys.argv[2]).mkdir(parents=True, exist_ok=True)
    print("in", flush=True)
    sys.stdin.read()
"""
TESTS = """
import os
import signal
from pathlib import Path
from tests import servers

def test_told_to_end():
    folder = Path(os.environ["PRISM_TEST_SERVERS"])
    with servers.in_use(folder):
        servers.ensure_valkey(folder)
        (folder / "was_up").touch()
        os.kill(os.getpid(), signal.SIGTERM)
        signal.pause()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    # Not below tmp_path: a socket's name must be short.
    place = Path(tempfile.mkdtemp(prefix="pt-", dir="/tmp"))
    try:
        yield place
    finally:
        servers.stop_unused(place)
        shutil.rmtree(place, ignore_errors=True)


def surroundings() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PRISM_TEST_KEEP_SERVERS"}


def user(folder: Path, name: str) -> "subprocess.Popen[str]":
    """A process that works on the servers until its input ends."""
    started = subprocess.Popen(
        [sys.executable, "-c", USE, str(folder), name],
        cwd=ROOT, env=surroundings(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert started.stdout is not None
    assert started.stdout.readline() == "in\n"
    return started


def leaves(one: "subprocess.Popen[str]") -> None:
    one.communicate(timeout=60)
    assert one.returncode == 0


def databases(folder: Path) -> set[str]:
    with psycopg.connect(
        host=str(folder / "postgres"), user="postgres", dbname="postgres", autocommit=True
    ) as connection:
        return {name for (name,) in connection.execute("SELECT datname FROM pg_database")}


def are_up(folder: Path) -> bool:
    return servers._postgres_answers(folder / "postgres") or servers._valkey_answers(folder / "valkey.sock")


def test_who_leaves_first_stops_nothing_and_who_leaves_last_stops_all(folder: Path) -> None:
    first, second = user(folder, "first"), user(folder, "second")
    leaves(first)
    assert servers._postgres_answers(folder / "postgres")
    assert servers._valkey_answers(folder / "valkey.sock")
    assert (folder / "files" / "first").exists(), "nothing is cleared up below somebody's feet"
    leaves(second)
    assert not are_up(folder)
    assert not (folder / "files").exists()


def test_what_a_killed_run_left_is_cleared_by_the_next(folder: Path) -> None:
    killed = user(folder, "killed")
    with psycopg.connect(
        host=str(folder / "postgres"), user="postgres", dbname="postgres", autocommit=True
    ) as connection:
        connection.execute("CREATE DATABASE prism_test_gw0_1")
        connection.execute("CREATE DATABASE prism_template_1")
    killed.kill()
    killed.wait()
    assert are_up(folder)
    following = user(folder, "following")
    assert "prism_test_gw0_1" in databases(folder)
    leaves(following)
    assert not are_up(folder)
    again = user(folder, "again")
    assert "prism_test_gw0_1" not in databases(folder)
    assert "prism_template_1" in databases(folder), "what takes long to make is kept"
    leaves(again)


def test_a_run_that_is_told_to_end_stops_its_servers(folder: Path, tmp_path: Path) -> None:
    written = tmp_path / "test_one.py"
    written.write_text(TESTS, encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest", "-p", "no:cacheprovider", "-p", "no:xdist", str(written)],
        cwd=ROOT, env={**surroundings(), "PRISM_TEST_SERVERS": str(folder)}, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert ended.returncode == pytest.ExitCode.INTERRUPTED, ended.stdout + ended.stderr
    assert (folder / "was_up").exists()
    assert not are_up(folder)


def test_a_benchmark_run_that_is_told_to_end_stops_its_servers(folder: Path) -> None:
    started = subprocess.Popen(
        [sys.executable, "-m", "benchmarks", "--short", "review"],
        cwd=ROOT, env={**surroundings(), "PRISM_TEST_SERVERS": str(folder)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        assert eventually(lambda: servers._valkey_answers(folder / "valkey.sock"), within_s=60)
        started.send_signal(signal.SIGTERM)
        assert started.wait(timeout=60) == 130
    finally:
        started.kill()
        started.wait()
    assert not are_up(folder)
