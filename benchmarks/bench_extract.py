"""Time to read a Word file and to divide its text, against a bare lxml walk over the same file in the same run.

The walk unpacks and parses the main part alone. What a reader must look at besides (the styles, the lists, which part is which) takes
a third of a millisecond here and counts against the reader: that shows in a short file.
"""

import gc
import io
import time
import zipfile

from lxml import etree

from apps.documents.blocks.port import FileKind
from apps.documents.extraction.sandbox import extract_in_sandbox
from apps.documents.sectioning.plan import divide
from apps.documents.word.reader import read_word
from benchmarks.bench_sections import best_of, write_up

SIZES = (200, 2_000, 5_000)
_AS_WORD_WRITES = (
    b'<w:r w:rsidR="00AB12CD"><w:rPr><w:rFonts w:ascii="Arial" w:hAnsi="Arial" w:cs="Arial"/><w:color w:val="333333"/>'
    b'<w:sz w:val="22"/><w:szCs w:val="22"/><w:lang w:val="en-GB"/></w:rPr>'
)


def as_word_writes(content: bytes) -> bytes:
    """The same text with the properties that Word gives to every run."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, data.replace(b"<w:r>", _AS_WORD_WRITES) if name == "word/document.xml" else data)
    return out.getvalue()


def bare_walk(content: bytes) -> int:
    length = 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for element in etree.fromstring(archive.read("word/document.xml")).iter():
            if element.tag.endswith("}t"):
                length += len(element.text or "")
    return length


def run() -> list[tuple[str, float, str, float | None, str]]:
    rows: list[tuple[str, float, str, float | None, str]] = []
    # Rubbish collection over whatever else this process holds is no part of either.
    gc.disable()
    for size in SIZES:
        content = write_up(size)
        bare = best_of(lambda content=content: bare_walk(content))
        read = best_of(lambda content=content: read_word(content))
        sandboxed = best_of(
            lambda content=content: extract_in_sandbox(content, FileKind.DOCX), repeats=3, clock=time.perf_counter
        )
        rows.append((f"read {size} paragraphs", read * 1000, "ms", read / bare, "bare lxml walk"))
        formatted = as_word_writes(content)
        walked = best_of(lambda formatted=formatted: bare_walk(formatted))
        taken = best_of(lambda formatted=formatted: read_word(formatted))
        both = best_of(lambda formatted=formatted: divide(read_word(formatted)))
        rows.append(
            (f"read {size} paragraphs as Word writes them", taken * 1000, "ms", taken / walked, "bare lxml walk")
        )
        rows.append((f"read and divide {size} of these paragraphs", both * 1000, "ms", both / walked, "bare lxml walk"))
        rows.append(
            (f"read {size} paragraphs in the sandbox", sandboxed * 1000, "ms", sandboxed / bare, "bare lxml walk")
        )
    gc.enable()
    return rows


if __name__ == "__main__":
    for row in run():
        print(row)
