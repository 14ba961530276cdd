"""Every kind of bad file ends in a clear code, within the sandbox's time."""

import io
import time
import zipfile

import pytest

from apps.documents.blocks.errors import ExtractionError
from apps.documents.blocks.port import FileKind
from apps.documents.extraction.sandbox import extract_in_sandbox
from apps.documents.extraction.sniffing import sniff
from tests.documents.word_shapes import SHAPES, par, run, word_file

_GOOD = SHAPES["one run"][0]
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def repacked(content: bytes, *, replace: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", compression) as new:
        for name in old.namelist():
            if name not in replace:
                new.writestr(name, old.read(name))
        for name, data in replace.items():
            new.writestr(name, data)
    return out.getvalue()


def document_xml(inner: bytes, *, before: bytes = b"") -> bytes:
    name = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return before + b'<w:document xmlns:w="' + name + b'"><w:body>' + inner + b"</w:body></w:document>"


def code_of(content: bytes, *, name: str = "case.docx") -> str:
    started = time.monotonic()
    with pytest.raises(ExtractionError) as caught:
        extract_in_sandbox(content, sniff(content, file_name=name))
    assert time.monotonic() - started < 30
    assert str(caught.value).endswith(".")
    return caught.value.code


def macro_file() -> bytes:
    with zipfile.ZipFile(io.BytesIO(_GOOD)) as archive:
        types = archive.read("[Content_Types].xml")
    plain = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    return repacked(
        _GOOD,
        replace={
            "[Content_Types].xml": types.replace(plain, b"application/vnd.ms-word.document.macroEnabled.main+xml")
        },
    )


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"", "empty_file", id="empty"),
        pytest.param(b"just some words", "not_a_word_file", id="renamed text"),
        pytest.param(_OLE + bytes(600), "not_a_word_file", id="old .doc"),
        pytest.param(_OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "encrypted_file", id="encrypted"),
        pytest.param(macro_file(), "macro_file", id="macros"),
        pytest.param(_GOOD[: len(_GOOD) // 2], "damaged_file", id="truncated"),
        pytest.param(
            repacked(_GOOD, replace={"word/document.xml": document_xml(b"<w:p>")}), "damaged_file", id="broken XML"
        ),
        pytest.param(
            repacked(
                _GOOD, replace={"word/document.xml": document_xml(b"<w:p/>", before=b'<!DOCTYPE x [<!ENTITY a "b">]>')}
            ),
            "xml_forbidden",
            id="DTD",
        ),
        pytest.param(repacked(_GOOD, replace={"../evil.xml": b"<a/>"}), "archive_limits", id="path traversal"),
        pytest.param(
            repacked(_GOOD, replace={f"m{number}": b"" for number in range(5_001)}),
            "archive_limits",
            id="too many entries",
        ),
        pytest.param(word_file(par("")), "no_text", id="no words"),
        pytest.param(
            repacked(_GOOD, replace={"word/document.xml": document_xml(b"<w:p/>" * 2_000_000)}),
            "too_many_blocks",
            id="2,000,000 empty paragraphs",
        ),
    ],
)
def test_a_bad_word_file_ends_in_its_code(content: bytes, code: str) -> None:
    assert code_of(content) == code


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(_GOOD)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name))
        with new.open("word/bomb.bin", "w") as part:
            for _ in range(210):
                part.write(bytes(1024 * 1024))
    assert code_of(out.getvalue()) == "archive_limits"


def test_one_text_of_300_megabytes_is_refused() -> None:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(_GOOD)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in old.namelist():
            if name != "word/document.xml":
                new.writestr(name, old.read(name))
        head, tail = document_xml(b"<w:p><w:r><w:t>@</w:t></w:r></w:p>").split(b"@")
        with new.open("word/document.xml", "w") as part:
            part.write(head)
            for _ in range(300):
                part.write(b"a" * 1024 * 1024)
            part.write(tail)
    assert code_of(out.getvalue()) == "archive_limits"


def test_many_real_paragraphs_end_in_a_limit_and_not_in_a_crash() -> None:
    body = document_xml(par(run("word")).encode() * 300_000)
    assert code_of(repacked(_GOOD, replace={"word/document.xml": body})) in {"too_many_blocks", "parse_memory_limit"}


@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n\x1a\n" + bytes(50), b"<html><body>x</body></html>", b"MZ" + bytes(100)]
)
def test_other_kinds_are_unsupported(content: bytes) -> None:
    assert code_of(content, name="x.bin") == "unsupported_file"


def test_a_slow_reader_is_stopped() -> None:
    with pytest.raises(ExtractionError) as caught:
        extract_in_sandbox(_GOOD, FileKind.DOCX, wall_s=0.001)
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
