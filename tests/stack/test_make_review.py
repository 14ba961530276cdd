"""`make review`: one file, with nothing running or beside a running product, quiet but for its result."""

import json
import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from apps.documents.word.builder import Heading, Paragraph, build
from tests.stack.installation import ROOT, environment, eventually, installation, postmaster, processes_of

pytestmark = pytest.mark.stack

WRITE_UP = build([Heading("Root Cause"), Paragraph("The root cause is that the analyst made a mistake. Owner: TBD.")])
IN_USE = "from tools.stack import servers\nwith servers.in_use():\n    print('in', flush=True)\n    input()"


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """One installation for all: each test leaves it with nothing running, which the next one relies on."""
    with installation(tmp_path_factory.mktemp("one")) as folder:
        yield folder


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """Where the user stands: a folder with one write-up, whose name has a blank and a quotation mark."""
    folder = tmp_path / "desk"
    folder.mkdir()
    (folder / 'the "Nordlicht" case.docx').write_bytes(WRITE_UP)
    (folder / "broken.docx").write_bytes(WRITE_UP[:500])
    return folder


def make_review(data: Path, desk: Path, *variables: str) -> "subprocess.CompletedProcess[str]":
    """From the user's folder; the environment is there already, so make does not look after it."""
    return subprocess.run(
        ["make", "-s", "-o", ".venv/.installed", "-C", str(ROOT), "review", *variables],
        cwd=desk, env=environment(data, PWD=str(desk)), capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def test_it_needs_nothing_running_and_leaves_nothing_running(data: Path, desk: Path) -> None:
    done = make_review(data, desk, 'FILE=the "Nordlicht" case.docx', "ARGS=--json out.json --docx 'with comments.docx'")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert len(lines) == 21
    assert lines[0].lstrip().startswith("1  ")
    written = json.loads((desk / "out.json").read_text())
    assert written["document"]["name"] == 'the "Nordlicht" case.docx'
    assert "word/comments.xml" in zipfile.ZipFile(desk / "with comments.docx").namelist()
    assert eventually(lambda: not processes_of(data), within_s=5), processes_of(data)


def test_what_is_wrong_is_one_sentence_with_a_code_on_standard_error(data: Path, desk: Path) -> None:
    for name, complaint in [
        ("broken.docx", "This file is damaged or incomplete. Open and save it again, then upload it. [damaged_file]"),
        ("gone.docx", "gone.docx: No such file or directory [file_error]"),
    ]:
        done = subprocess.run(
            [sys.executable, "-m", "tools.stack.with_stack", "--from", str(desk), "review", "--", name],
            cwd=ROOT, env=environment(data), capture_output=True, text=True, check=False, timeout=120,
        )  # fmt: skip
        assert (done.returncode, done.stdout, done.stderr) == (1, "", complaint + "\n")
    assert not processes_of(data)


def test_without_a_file_it_says_how(data: Path, desk: Path) -> None:
    done = make_review(data, desk)
    assert done.returncode != 0
    assert "make review FILE=" in done.stderr
    assert not processes_of(data)


def test_the_last_to_leave_stops_the_servers(data: Path, desk: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", IN_USE], cwd=ROOT, env=environment(data), stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, text=True,
    ) as other:  # fmt: skip
        assert other.stdout is not None
        assert other.stdout.readline() == "in\n"
        server = postmaster(data)
        assert make_review(data, desk, 'FILE=the "Nordlicht" case.docx').returncode == 0
        assert postmaster(data) == server, "the review must not stop what another uses"
        assert server in processes_of(data)
        other.communicate("\n", timeout=30)
    assert eventually(lambda: not processes_of(data), within_s=5), processes_of(data)


def test_servers_that_a_killed_one_left_are_used_and_then_stopped(data: Path, desk: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", IN_USE], cwd=ROOT, env=environment(data), stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, text=True,
    ) as other:  # fmt: skip
        assert other.stdout is not None
        other.stdout.readline()
        other.kill()
    assert processes_of(data)
    assert make_review(data, desk, 'FILE=the "Nordlicht" case.docx').returncode == 0
    assert eventually(lambda: not processes_of(data), within_s=5), processes_of(data)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_asked_to_stop_it_leaves_no_process(data: Path, number: int) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "tools.stack.with_stack", "shell", "--no-imports", "-c", "print('in', flush=True); input()"],
        cwd=ROOT, env=environment(data), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "in\n"
        os.kill(process.pid, number)
        _, complaint = process.communicate(timeout=30)
    assert (process.returncode, complaint) == (128 + number, "")
    assert eventually(lambda: not processes_of(data), within_s=5), processes_of(data)


def test_a_folder_whose_path_is_too_long_for_a_socket_is_said(tmp_path: Path) -> None:
    with installation(tmp_path / ("deep" * 25)) as data:
        done = subprocess.run(
            [sys.executable, "-m", "tools.stack.with_stack", "check"],
            cwd=ROOT, env=environment(data), capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
        assert done.returncode == 1
        assert "is too long a path for a socket" in done.stderr
        assert len(done.stderr.splitlines()) == 1
