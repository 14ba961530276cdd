"""Runs what touches an untrusted file in a child process and turns every way it can end into a result or a code."""

import io
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from apps.documents.blocks.errors import (
    ERRORS_BY_CODE,
    EmptyFileError,
    ExtractionError,
    FileTooLargeError,
    ParseMemoryLimitError,
    ParserCrashedError,
    ParseTimeLimitError,
)
from apps.documents.blocks.port import ExtractedText, FileKind
from apps.documents.extraction.annotation_codec import ORDER_HEAD, dump_annotations
from apps.documents.extraction.codec import ANNOTATE, from_json
from apps.documents.word.annotations import Annotation

WALL_S = 30.0
MAX_INPUT_BYTES = 200 * 1024 * 1024
MAX_OUTPUT_BYTES = 128 * 1024 * 1024
_ROOT = Path(__file__).resolve().parents[3]
_START = "import sys; sys.path[:0] = sys.argv[1].split(':'); from apps.documents.extraction.child import main; main()"
_MEMORY_WORDS = (b"MemoryError", b"bad_alloc", b"out of memory", b"Cannot allocate memory")


def extract_in_sandbox(content: bytes | IO[bytes], kind: FileKind, *, wall_s: float = WALL_S) -> ExtractedText:
    """The text of the file; raises a child of ExtractionError within `wall_s` seconds, whatever the file does to its reader."""
    file = io.BytesIO(content) if isinstance(content, bytes) else content
    with _private_file("content") as source, _private_file("answer") as sink:
        _take_in(file, source)
        _ended_well(kind.value, source=source, sink=sink, wall_s=wall_s)
        return _answer(sink)


def annotate_in_sandbox(original: IO[bytes], annotations: Sequence[Annotation], *, wall_s: float = WALL_S) -> IO[bytes]:
    """The Word file with the comments, as a file that the caller closes; raises a child of ExtractionError as extract_in_sandbox."""
    order = dump_annotations(annotations)
    sink = _private_file("reviewed")
    try:
        with _private_file("order") as source:
            source.write(ORDER_HEAD.pack(len(order)))
            source.write(order)
            _take_in(original, source)
            _ended_well(ANNOTATE, source=source, sink=sink, wall_s=wall_s)
        _check_reviewed(sink)
    except BaseException:
        sink.close()
        raise
    return sink


def _take_in(file: IO[bytes], source: IO[bytes]) -> None:
    # A piece at a time: a large file is never whole in this process.
    start = source.tell()
    shutil.copyfileobj(file, source, 1024 * 1024)
    size = source.tell() - start
    if size == 0:
        raise EmptyFileError
    if size > MAX_INPUT_BYTES:
        raise FileTooLargeError
    source.seek(0)


def _ended_well(task: str, *, source: IO[bytes], sink: IO[bytes], wall_s: float) -> None:
    with _private_file("complaint") as complaint:
        code = _run(task, streams=(source, sink, complaint), wall_s=wall_s)
        if code != 0:
            raise _death(code, complaint)


def _private_file(name: str) -> IO[bytes]:
    # In memory where the system can: document text must not reach the disk unencrypted.
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create(name), "w+b", buffering=0)
    return tempfile.TemporaryFile(buffering=0)


def _run(task: str, *, streams: tuple[IO[bytes], IO[bytes], IO[bytes]], wall_s: float) -> int:
    # Without the site module the interpreter starts sooner and runs nobody's start-up hooks.
    places = ":".join(dict.fromkeys([str(_ROOT), sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]))
    command = [sys.executable, "-I", "-S", "-X", "utf8", "-c", _START, places, str(os.getpid()), task]
    source, sink, complaint = streams
    child = subprocess.Popen(  # noqa: S603 - our own interpreter and module, no shell
        command, stdin=source, stdout=sink, stderr=complaint, env={"LC_ALL": "C.UTF-8"}, cwd="/", start_new_session=True
    )
    try:
        return _waited(child, wall_s=wall_s)
    except subprocess.TimeoutExpired as error:
        raise ParseTimeLimitError from error
    finally:
        if child.poll() is None:
            child.kill()
            child.wait()


def _waited(child: "subprocess.Popen[bytes]", *, wall_s: float) -> int:
    # Waiting with a time limit looks again after ever longer pauses, and finds a short life only at the end of a long one.
    try:
        ended = os.pidfd_open(child.pid)
    except (AttributeError, OSError):
        # Not every system has the call, or allows it.
        return child.wait(timeout=wall_s)
    try:
        watch = select.poll()
        watch.register(ended, select.POLLIN)
        if not watch.poll(wall_s * 1000):
            raise subprocess.TimeoutExpired(child.args, wall_s)
    finally:
        os.close(ended)
    return child.wait()


def _death(code: int, complaint: IO[bytes]) -> ExtractionError:
    if code == -signal.SIGXCPU:
        return ParseTimeLimitError()
    if code == -signal.SIGKILL:
        return ParseMemoryLimitError()
    complaint.seek(0)
    said = complaint.read(64 * 1024)
    if any(word in said for word in _MEMORY_WORDS):
        return ParseMemoryLimitError()
    return ParserCrashedError()


def _check_reviewed(sink: IO[bytes]) -> None:
    sink.seek(0)
    if sink.read(2) != b"PK":
        # Not a file but why there is none.
        _answer(sink)
        raise ParserCrashedError
    sink.seek(0)


def _answer(sink: IO[bytes]) -> ExtractedText:
    size = sink.seek(0, os.SEEK_END)
    if size > MAX_OUTPUT_BYTES:
        raise ParserCrashedError
    sink.seek(0)
    parts = []
    while chunk := sink.read(1024 * 1024):
        parts.append(chunk)
    try:
        answer = json.loads(b"".join(parts))
        if "error" in answer:
            raise ERRORS_BY_CODE.get(answer["error"], ParserCrashedError)
        return from_json(answer["text"])
    except (ValueError, KeyError, TypeError) as error:
        raise ParserCrashedError from error
