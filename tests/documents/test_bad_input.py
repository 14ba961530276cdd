"""Every kind of bad file ends in a clear code, within the sandbox's time."""

import time

import pytest

from apps.documents.blocks.errors import ExtractionError
from apps.documents.blocks.port import FileKind
from apps.documents.extraction.sandbox import extract_in_sandbox
from apps.documents.extraction.sniffing import sniff
from tests.documents.bad_files import BAD_FILES, GOOD, End, with_body
from tests.documents.word_shapes import par, run


def code_of(content: bytes, *, name: str = "case.docx") -> str:
    started = time.monotonic()
    with pytest.raises(ExtractionError) as caught:
        extract_in_sandbox(content, sniff(content, file_name=name))
    assert time.monotonic() - started < 30
    assert str(caught.value).endswith(".")
    return caught.value.code


@pytest.mark.parametrize("name", [name for name, file in BAD_FILES.items() if file.end is not End.REVIEWED])
def test_a_bad_file_ends_in_its_code(name: str) -> None:
    file = BAD_FILES[name]
    assert code_of(file.make(), name=file.name) in file.codes


@pytest.mark.parametrize("name", [name for name, file in BAD_FILES.items() if file.end is End.REVIEWED])
def test_a_strange_file_gives_its_words(name: str) -> None:
    file = BAD_FILES[name]
    content = file.make()
    text = extract_in_sandbox(content, sniff(content, file_name=file.name))
    assert file.words in "\n".join(block.text for block in text.blocks)


def test_many_real_paragraphs_end_in_a_limit_and_not_in_a_crash() -> None:
    assert code_of(with_body(par(run("word")).encode() * 300_000)) in {"too_many_blocks", "parse_memory_limit"}


def test_a_slow_reader_is_stopped() -> None:
    with pytest.raises(ExtractionError) as caught:
        extract_in_sandbox(GOOD, FileKind.DOCX, wall_s=0.001)
    assert caught.value.code == "parse_time_limit"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("Grüße, 5 €\r\nsecond".encode(), ["Grüße, 5 €", "second"]),
        ("\ufeffGrüße".encode("utf-16"), ["Grüße"]),
        (b"\xef\xbb\xbfmarked", ["marked"]),
        (b"nul\x00 in text 1", ["nul in text 1"]),
        ("Wide 😀 words".encode("utf-16-le"), ["Wide 😀 words"]),
    ],
)
def test_plain_text_is_read_in_its_encoding(content: bytes, words: list[str]) -> None:
    assert [block.text for block in extract_in_sandbox(content, sniff(content)).blocks] == words


def test_rich_text_joins_surrogate_pairs_and_says_that_layout_is_lost() -> None:
    text = extract_in_sandbox(
        rb"{\rtf1\ansi Paid \u-10179?\u-8704? now\par {\pntext\f1\'b7\tab}one item\par}", FileKind.RTF
    )
    assert [block.text for block in text.blocks] == ["Paid 😀 now", "• one item"]
    assert [notice.code for notice in text.notices] == ["layout_not_kept"]
