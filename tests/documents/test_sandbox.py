"""The reader of an untrusted file is shut in: no network, no files, no programs, no secrets, little memory, and never an orphan."""

import io
import os
import select
import signal
import subprocess
import sys
import tempfile
import textwrap
from datetime import UTC, datetime
from pathlib import Path

import pytest

from apps.documents.blocks.errors import (
    DamagedFileError,
    EmptyFileError,
    ExtractionError,
    ParseMemoryLimitError,
    ParserCrashedError,
    ParseTimeLimitError,
)
from apps.documents.blocks.port import FileKind
from apps.documents.extraction import sandbox
from apps.documents.extraction.codec import ANNOTATE
from apps.documents.extraction.sandbox import annotate_in_sandbox, extract_in_sandbox
from apps.documents.word.annotations import Annotation, Target
from apps.documents.word.annotator import annotate
from tests.documents.bad_files import GOOD, pdf_bomb

_ROOT = str(Path(__file__).resolve().parents[2])
_SHUT_IN = f"""
import sys; sys.path.insert(0, {_ROOT!r})
import ctypes, os, socket
from apps.documents.extraction.confinement import confine
libc = ctypes.CDLL(None, use_errno=True)
confine(output_bytes=1024 * 1024)
"""


def shut_in(code: str) -> str:
    """What the code prints, run as the reader is run."""
    ended = subprocess.run(
        [sys.executable, "-I", "-c", _SHUT_IN + textwrap.dedent(code)],
        env={"LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return ended.stdout.strip() or ended.stderr.strip().rpartition("\n")[2]


def test_a_reader_that_connects_fails() -> None:
    assert shut_in("socket.create_connection(('127.0.0.1', 9), timeout=1)").startswith("PermissionError")


def test_native_code_that_opens_a_socket_fails_as_well() -> None:
    assert shut_in("print(libc.socket(2, 1, 0), ctypes.get_errno())") == "-1 13"


def test_a_reader_opens_no_file_by_any_door() -> None:
    assert shut_in("open('/etc/hostname')").startswith("PermissionError")
    assert shut_in("print(libc.open(b'/etc/hostname', 0), ctypes.get_errno())") == "-1 13"


def test_a_reader_starts_no_program_by_any_door() -> None:
    assert shut_in("os.system('true')").startswith("PermissionError")
    assert shut_in("print(libc.execv(b'/bin/true', None), ctypes.get_errno())") == "-1 13"
    assert shut_in("print(libc.fork() < 0)") == "True"


def test_a_reader_cannot_touch_another_process() -> None:
    assert shut_in("print(libc.kill(os.getppid(), 0), ctypes.get_errno())") == "-1 13"


def test_a_reader_has_half_a_gibibyte_twenty_seconds_and_no_core() -> None:
    assert shut_in("bytearray(600 * 1024 * 1024)") == "MemoryError"
    limits = shut_in("""
        import resource
        print(*(resource.getrlimit(one)[0] for one in (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_CORE)))
    """)
    assert limits == f"{512 * 1024 * 1024} 20 0"


def test_a_reader_gets_no_secret_by_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRISM_STORAGE_KEY", "5a" * 32)
    seen = child_that_starts_with(
        "import os; sys.stdout.write('\\n'.join(os.environ.values())); sys.stdout.flush(); os._exit(0)"
    )
    assert "5a5a" not in seen
    assert seen.strip() == "C.UTF-8"


def child_that_starts_with(before: str, *, task: str = "txt") -> str:
    """What a real child prints when its first line is `before`; the sandbox starts it as ever."""
    started = sandbox._START
    try:
        sandbox._START = f"import sys; {before}; {started}"
        with (
            tempfile.TemporaryFile() as sink,
            tempfile.TemporaryFile() as source,
            tempfile.TemporaryFile() as complaint,
        ):
            sandbox._run(task, streams=(source, sink, complaint), wall_s=30)  # type: ignore[arg-type]
            sink.seek(0)
            return sink.read().decode()
    finally:
        sandbox._START = started


@pytest.mark.parametrize("task", ["docx", "pdf", "rtf", "txt", ANNOTATE])
def test_the_child_is_shut_in_before_it_has_the_content(task: str) -> None:
    tried = "[ctypes.CDLL(None).socket(2, 1, 0), resource.getrlimit(resource.RLIMIT_AS)[0]]"
    seen = child_that_starts_with(
        "sys.path[:0] = sys.argv[1].split(':'); import ctypes, resource; import apps.documents.extraction.child as c; "
        f"c._answer = lambda work, source, sink: sink.write(str({tried}).encode())",
        task=task,
    )
    assert seen == f"[-1, {512 * 1024 * 1024}]"


def test_a_reader_dies_with_the_process_that_waits_for_it() -> None:
    never_ends, held_open = os.pipe()
    says, said = os.pipe()
    parent = subprocess.Popen(
        [
            sys.executable,
            "-c",
            textwrap.dedent(f"""
                import sys; sys.path.insert(0, {_ROOT!r})
                import os, subprocess
                from apps.documents.extraction import sandbox
                start = subprocess.Popen
                def told(*given, **more):
                    child = start(*given, **more)
                    print(child.pid, flush=True)
                    return child
                subprocess.Popen = told
                from apps.documents.blocks.port import FileKind
                # It writes a byte when it is bound to its parent, and then waits for its content.
                bound = "import os, gc; gc.disable = lambda: os.write(1, b'.'); main()"
                sandbox._START = sandbox._START.replace("main()", bound)
                source, sink, complaint = os.fdopen({never_ends}, "rb"), os.fdopen({said}, "wb"), open(os.devnull, "wb")
                sandbox._run(FileKind.TXT, streams=(source, sink, complaint), wall_s=60)
            """),
        ],
        stdout=subprocess.PIPE,
        pass_fds=(never_ends, said),
        text=True,
    )
    assert parent.stdout is not None
    child_pid = int(parent.stdout.readline())
    child = os.pidfd_open(child_pid)
    assert os.read(says, 1) == b"."
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    # Its content never ends, so that only the death of its parent can end it.
    ended, _, _ = select.select([child], [], [], 20)
    assert ended == [child]
    for descriptor in (child, held_open, never_ends, says, said):
        os.close(descriptor)


@pytest.mark.parametrize(
    ("deed", "error"),
    [
        ("os.kill(os.getpid(), 9)", ParseMemoryLimitError),
        ("os.kill(os.getpid(), 24)", ParseTimeLimitError),
        ("os.kill(os.getpid(), 11)", ParserCrashedError),
        ("sys.stderr.write('bad_alloc'); sys.stderr.flush(); os._exit(3)", ParseMemoryLimitError),
        ("sys.stdout.write('no JSON'); sys.stdout.flush(); os._exit(0)", ParserCrashedError),
        ('sys.stdout.write(\'{"error":"never heard"}\'); sys.stdout.flush(); os._exit(0)', ParserCrashedError),
    ],
)
def test_every_death_of_a_reader_has_its_code(
    deed: str, error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "_START", f"import os, sys; {deed}")
    with pytest.raises(error):
        extract_in_sandbox(GOOD, FileKind.DOCX)
    with pytest.raises(error):
        annotate_in_sandbox(io.BytesIO(GOOD), [])


def test_comments_are_written_in_the_same_confinement() -> None:
    annotation = Annotation((Target("body/0", 4, 10),), "Who? \ud800 & <", "Ana", "A", datetime(2025, 5, 4, tzinfo=UTC))
    with annotate_in_sandbox(io.BytesIO(GOOD), [annotation]) as reviewed:
        content = reviewed.read()
    assert content == annotate(GOOD, [annotation])
    with pytest.raises(DamagedFileError):
        annotate_in_sandbox(io.BytesIO(GOOD[:300]), [annotation])
    with pytest.raises(EmptyFileError):
        annotate_in_sandbox(io.BytesIO(b""), [annotation])


def test_nothing_is_left_on_the_disk_and_nothing_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    open_before = len(list(Path("/proc/self/fd").iterdir()))
    extract_in_sandbox(GOOD, FileKind.DOCX)
    with pytest.raises(ExtractionError):
        extract_in_sandbox(pdf_bomb(), FileKind.PDF)
    with pytest.raises(ParseTimeLimitError):
        extract_in_sandbox(GOOD, FileKind.DOCX, wall_s=0.001)
    assert list(tmp_path.iterdir()) == []
    assert len(list(Path("/proc/self/fd").iterdir())) == open_before


def test_an_answer_that_is_too_long_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "MAX_OUTPUT_BYTES", 10)
    with pytest.raises(ParserCrashedError):
        extract_in_sandbox(GOOD, FileKind.DOCX)


def test_a_system_that_cannot_be_told_of_a_death_looks_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "pidfd_open")
    assert extract_in_sandbox(GOOD, FileKind.DOCX).blocks
    with pytest.raises(ParseTimeLimitError):
        extract_in_sandbox(GOOD, FileKind.DOCX, wall_s=0.001)


def test_a_system_without_private_memory_files_uses_ones_without_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "memfd_create")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert extract_in_sandbox(GOOD, FileKind.DOCX).blocks
    assert list(tmp_path.iterdir()) == []
