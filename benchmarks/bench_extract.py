"""Time to read a Word file, against a bare lxml walk over the same file in the same run."""

import io
import zipfile

from lxml import etree

from apps.documents.blocks.port import FileKind
from apps.documents.extraction.sandbox import extract_in_sandbox
from apps.documents.word.reader import read_word
from benchmarks.bench_sections import best_of, write_up

SIZES = (200, 2_000, 5_000)


def bare_walk(content: bytes) -> int:
    length = 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for element in etree.fromstring(archive.read("word/document.xml")).iter():
            if element.tag.endswith("}t"):
                length += len(element.text or "")
    return length


def run() -> list[tuple[str, float, str, float | None, str]]:
    rows: list[tuple[str, float, str, float | None, str]] = []
    for size in SIZES:
        content = write_up(size)
        bare = best_of(lambda content=content: bare_walk(content))
        read = best_of(lambda content=content: read_word(content))
        sandboxed = best_of(lambda content=content: extract_in_sandbox(content, FileKind.DOCX), repeats=2)
        rows.append((f"read {size} paragraphs", read * 1000, "ms", read / bare, "bare lxml walk"))
        rows.append(
            (f"read {size} paragraphs in the sandbox", sandboxed * 1000, "ms", sandboxed / bare, "bare lxml walk")
        )
    return rows


if __name__ == "__main__":
    for row in run():
        print(row)
