"""The child process that touches one untrusted file: no secrets, no network, no other files, little memory and time.

The last two arguments are the parent's process id and what to do: read a file of a kind, or write comments into a Word file.
Content comes on descriptor 0, after the comments where there are some. The answer goes to descriptor 1: the new Word file, or
JSON: {"text": …} or {"error": code}.
"""

import gc
import json
import os
import sys
from collections.abc import Callable
from typing import IO

from apps.documents.blocks.errors import (
    ExtractionError,
    ParseMemoryLimitError,
    ParserCrashedError,
    TooManyBlocksError,
)
from apps.documents.blocks.port import FileKind
from apps.documents.extraction.codec import ANNOTATE, to_json
from apps.documents.extraction.confinement import confine, die_with
from apps.documents.extraction.registry import extractor_for

MAX_CHARACTERS = 3_000_000
"""About a thousand pages; a review of more would take longer than a stage may."""
OUTPUT_BYTES = 300 * 1024 * 1024

Work = Callable[[IO[bytes], IO[bytes]], None]


def main() -> None:
    """Do what the last argument says with descriptor 0, and answer on descriptor 1."""
    die_with(int(sys.argv[-2]))
    task = sys.argv[-1]
    work = _annotating() if task == ANNOTATE else _reading(FileKind(task))
    # It lives for one file: nothing that it makes is garbage before its end.
    gc.disable()
    confine(output_bytes=OUTPUT_BYTES)
    with os.fdopen(0, "rb", closefd=False) as source, os.fdopen(1, "w+b", closefd=False) as sink:
        _answer(work, source, sink)


def _answer(work: Work, source: IO[bytes], sink: IO[bytes]) -> None:
    try:
        work(source, sink)
    except ExtractionError as error:
        code = error.code
    except MemoryError:
        code = ParseMemoryLimitError.code
    except RecursionError:
        code = ParserCrashedError.code
    else:
        return
    sink.seek(0)
    sink.truncate()
    sink.write(json.dumps({"error": code}).encode())


def _reading(kind: FileKind) -> Work:
    read = extractor_for(kind)

    def work(source: IO[bytes], sink: IO[bytes]) -> None:
        text = read(source.read())
        if sum(len(block.text) for block in text.blocks) > MAX_CHARACTERS:
            raise TooManyBlocksError
        sink.write(json.dumps({"text": to_json(text)}, separators=(",", ":")).encode())

    return work


def _annotating() -> Work:
    extractor_for(FileKind.DOCX)
    from apps.documents.extraction.annotation_codec import ORDER_HEAD, load_annotations
    from apps.documents.word.annotator import annotate_into

    def work(source: IO[bytes], sink: IO[bytes]) -> None:
        (length,) = ORDER_HEAD.unpack(source.read(ORDER_HEAD.size))
        annotations = load_annotations(source.read(length))
        annotate_into(sink, source.read(), annotations)

    return work
