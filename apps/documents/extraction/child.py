"""The child process that reads one untrusted file: no secrets, no network, no other files, little memory and time.

Content comes on descriptor 0, the answer goes to descriptor 1 as JSON: {"text": …} or {"error": code}. The last two arguments are
the parent's process id and the file's kind.
"""

import gc
import json
import os
import sys

from apps.documents.blocks.errors import (
    ExtractionError,
    ParseMemoryLimitError,
    ParserCrashedError,
    TooManyBlocksError,
)
from apps.documents.blocks.port import Extractor, FileKind
from apps.documents.extraction.codec import to_json
from apps.documents.extraction.confinement import confine, die_with
from apps.documents.extraction.registry import extractor_for

MAX_CHARACTERS = 3_000_000
"""About a thousand pages; a review of more would take longer than a stage may."""
OUTPUT_BYTES = 128 * 1024 * 1024


def main() -> None:
    """Read descriptor 0 as the kind named in the last argument and answer on descriptor 1."""
    die_with(int(sys.argv[-2]))
    read = extractor_for(FileKind(sys.argv[-1]))
    # It lives for one file: nothing that it makes is garbage before its end.
    gc.disable()
    confine(output_bytes=OUTPUT_BYTES)
    payload = _answer(read)
    with os.fdopen(1, "wb", closefd=False) as sink:
        sink.write(payload)


def _answer(read: Extractor) -> bytes:
    try:
        with os.fdopen(0, "rb", closefd=False) as source:
            text = read(source.read())
        if sum(len(block.text) for block in text.blocks) > MAX_CHARACTERS:
            raise TooManyBlocksError
        return json.dumps({"text": to_json(text)}, separators=(",", ":")).encode()
    except ExtractionError as error:
        code = error.code
    except MemoryError:
        code = ParseMemoryLimitError.code
    except RecursionError:
        code = ParserCrashedError.code
    return json.dumps({"error": code}).encode()
