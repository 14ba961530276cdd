"""The child process that reads one untrusted file: no secrets, no network, little memory and time.

Content comes on descriptor 0, the answer goes to descriptor 1 as JSON: {"text": …} or {"error": code}.
"""

import ctypes
import json
import os
import resource
import sys
from typing import TypedDict

from apps.documents.blocks.errors import ExtractionError, ParseMemoryLimitError, ParserCrashedError, TooManyBlocksError
from apps.documents.blocks.port import FileKind
from apps.documents.extraction.codec import TextJson, to_json
from apps.documents.extraction.registry import extractor_for

MEMORY_BYTES = 512 * 1024 * 1024
CPU_S = 20
MAX_CHARACTERS = 3_000_000
"""About a thousand pages; a review of more would take longer than a stage may."""
OUTPUT_BYTES = 128 * 1024 * 1024
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000


class Answer(TypedDict, total=False):
    """What the child writes: one of the two keys."""

    text: TextJson
    error: str


def main() -> None:
    """Read descriptor 0 as the kind named in the last argument and answer on descriptor 1."""
    kind = FileKind(sys.argv[-1])
    read = extractor_for(kind)
    _cut_the_network()
    _limit_resources()
    answer: Answer
    try:
        with os.fdopen(0, "rb", closefd=False) as source:
            content = source.read()
        text = read(content)
        if sum(len(block.text) for block in text.blocks) > MAX_CHARACTERS:
            raise TooManyBlocksError
        answer = {"text": to_json(text)}
        payload = json.dumps(answer, separators=(",", ":")).encode()
    except ExtractionError as error:
        payload = json.dumps({"error": error.code}).encode()
    except MemoryError:
        payload = json.dumps({"error": ParseMemoryLimitError.code}).encode()
    except RecursionError:
        payload = json.dumps({"error": ParserCrashedError.code}).encode()
    with os.fdopen(1, "wb", closefd=False) as sink:
        sink.write(payload)


def _limit_resources() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (OUTPUT_BYTES, OUTPUT_BYTES))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if hasattr(resource, "RLIMIT_NPROC"):
        resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


def _cut_the_network() -> None:
    # The hook cannot be taken off again; the namespace holds native code too, where the system permits it.
    sys.addaudithook(_refuse_sockets_and_programs)
    try:
        unshare = ctypes.CDLL(None).unshare
    except (OSError, AttributeError):
        return
    if unshare(_CLONE_NEWNET) != 0:
        unshare(_CLONE_NEWUSER | _CLONE_NEWNET)


def _refuse_sockets_and_programs(event: str, _arguments: tuple[object, ...]) -> None:
    if event.startswith(("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system")):
        raise PermissionError(event)
