"""Files that people and attackers send, made on demand; each with the name it comes under and how it must end."""

import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from tests.documents.word_shapes import SHAPES, par, run, word_file

GOOD = SHAPES["one run"][0]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAIN = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PLAIN_TYPE = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_MACRO_TYPE = b"application/vnd.ms-word.document.macroEnabled.main+xml"


class End(StrEnum):
    """How a file ends."""

    REFUSED = "refused"
    """At the door: no row, no file."""
    FAILED = "failed"
    """Stored; its job fails with a code, and the page says why."""
    REVIEWED = "reviewed"


@dataclass(frozen=True)
class BadFile:
    """A file, its name, its end, and the codes that may say so, or the words that a review must show."""

    make: Callable[[], bytes]
    end: End
    codes: tuple[str, ...] = ()
    words: str = ""
    name: str = "case.docx"


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
    return before + b'<w:document xmlns:w="' + _MAIN + b'"><w:body>' + inner + b"</w:body></w:document>"


def with_body(inner: bytes, *, before: bytes = b"") -> bytes:
    return repacked(GOOD, replace={"word/document.xml": document_xml(inner, before=before)})


def macro_file() -> bytes:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        types = archive.read("[Content_Types].xml")
    return repacked(GOOD, replace={"[Content_Types].xml": types.replace(_PLAIN_TYPE, _MACRO_TYPE)})


def zip_bomb() -> bytes:
    return _with_large_part("word/bomb.bin", before=b"", piece=bytes(1024 * 1024), after=b"", times=210)


@cache
def one_huge_text() -> bytes:
    head, tail = document_xml(b"<w:p><w:r><w:t>@</w:t></w:r></w:p>").split(b"@")
    return _with_large_part("word/document.xml", before=head, piece=b"a" * 1024 * 1024, after=tail, times=300)


def _with_large_part(part_name: str, *, before: bytes, piece: bytes, after: bytes, times: int) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(GOOD)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in old.namelist():
            if name != part_name:
                new.writestr(name, old.read(name))
        with new.open(part_name, "w") as part:
            part.write(before)
            for _ in range(times):
                part.write(piece)
            part.write(after)
    return out.getvalue()


def twice_the_same_entry() -> bytes:
    out = io.BytesIO(GOOD)
    with warnings.catch_warnings(), zipfile.ZipFile(out, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr("word/document.xml", document_xml(b"<w:p/>"))
    return out.getvalue()


def wrong_checksum(part: str = "word/document.xml") -> bytes:
    """The part's CRC is wrong in both of the archive's directories."""
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        crc = struct.pack("<L", archive.getinfo(part).CRC)
    return GOOD.replace(crc, b"\x01\x02\x03\x04")


def password_in_the_zip() -> bytes:
    """Every entry says that it is encrypted."""
    content = bytearray(GOOD)
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(magic)
        while at >= 0:
            content[at + offset] |= 1
            at = content.find(magic, at + 4)
    return bytes(content)


def nested_zips() -> bytes:
    inner = b"x" * 1000
    for _ in range(6):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(8):
                archive.writestr(f"{number}.zip", inner)
        inner = out.getvalue()
    return repacked(GOOD, replace={"word/embeddings/inner.zip": inner})


def pdf(*objects: bytes, trailer: bytes = b"") -> bytes:
    out = bytearray(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, trailer, start)
    return bytes(out)


def pdf_page(content: bytes, *, filters: bytes = b"") -> tuple[bytes, ...]:
    return (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(content), filters, content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )


def pdf_text(text: str) -> bytes:
    return pdf(*pdf_page(b"BT /F1 12 Tf 72 720 Td (%s) Tj ET" % text.encode("latin-1")))


def encrypted_pdf() -> bytes:
    lock = b"<</Filter/Standard/V 1/R 2/Length 40/P -4/O<%s>/U<%s>>>" % (b"11" * 32, b"22" * 32)
    page = pdf_page(b"BT /F1 12 Tf 72 720 Td (secret) Tj ET")
    return pdf(*page, lock, trailer=b"/Encrypt 6 0 R/ID[<00><00>]")


@cache
def pdf_bomb() -> bytes:
    """Half a gigabyte of page behind two filters, in a kilobyte."""
    outer = zlib.compressobj(9)
    inner = zlib.compressobj(9)
    packed = bytearray()
    for _ in range(512):
        packed += outer.compress(inner.compress(b" " * 1024 * 1024))
    packed += outer.compress(inner.flush()) + outer.flush()
    return pdf(*pdf_page(bytes(packed), filters=b"/Filter[/FlateDecode/FlateDecode]"))


def pdf_of_circles() -> bytes:
    return pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2>>")


def pdf_of_a_million_pages() -> bytes:
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1000000>>", b"<</Type/Page/Parent 2 0 R>>"
    )


_SENTENCE = "Grüße: die Prüfung am 3. Mai zeigte, dass fünf Käufer öfter überwiesen haben."

BAD_FILES: dict[str, BadFile] = {
    "empty": BadFile(lambda: b"", End.REFUSED, ("empty_file",)),
    "text called .docx": BadFile(lambda: b"just some words", End.REFUSED, ("not_a_word_file",)),
    "text called .pdf": BadFile(lambda: b"just some words", End.REFUSED, ("unsupported_file",), name="case.pdf"),
    "old .doc": BadFile(lambda: OLE + bytes(600), End.REFUSED, ("not_a_word_file",), name="case.doc"),
    "encrypted": BadFile(
        lambda: OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), End.REFUSED, ("encrypted_file",)
    ),
    "encrypted entries": BadFile(password_in_the_zip, End.REFUSED, ("encrypted_file",)),
    "macros": BadFile(macro_file, End.REFUSED, ("macro_file",)),
    "macros by their part": BadFile(
        lambda: repacked(GOOD, replace={"word/vbaProject.bin": b"x"}), End.REFUSED, ("macro_file",)
    ),
    "truncated": BadFile(lambda: GOOD[: len(GOOD) // 2], End.REFUSED, ("damaged_file",)),
    "a plain zip": BadFile(
        lambda: repacked(GOOD, replace={"[Content_Types].xml": b""}), End.REFUSED, ("not_a_word_file",)
    ),
    "a picture": BadFile(lambda: b"\x89PNG\r\n\x1a\n" + bytes(50), End.REFUSED, ("unsupported_file",), name="x.png"),
    "a page of the web": BadFile(
        lambda: b"<html><script>alert(1)</script></html>", End.REFUSED, ("unsupported_file",), name="notes.txt"
    ),
    "a program": BadFile(lambda: b"MZ" + bytes(400), End.REFUSED, ("unsupported_file",), name="case.txt"),
    "broken XML": BadFile(lambda: with_body(b"<w:p>"), End.FAILED, ("damaged_file",)),
    "DTD": BadFile(
        lambda: with_body(b"<w:p/>", before=b'<!DOCTYPE x [<!ENTITY a "b">]>'), End.FAILED, ("xml_forbidden",)
    ),
    "DTD in UTF-16": BadFile(
        lambda: repacked(
            GOOD,
            replace={
                "word/document.xml": document_xml(
                    b"<w:p/>", before=b'<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x>'
                )
                .decode()
                .encode("utf-16")
            },
        ),
        End.FAILED,
        ("xml_forbidden",),
    ),
    "path traversal": BadFile(
        lambda: repacked(GOOD, replace={"../evil.xml": b"<a/>"}), End.FAILED, ("archive_unsafe",)
    ),
    "two entries of one name": BadFile(twice_the_same_entry, End.FAILED, ("archive_unsafe",)),
    "two names that Windows takes for one": BadFile(
        lambda: repacked(GOOD, replace={"word/DOCUMENT.xml": b"<a/>"}), End.FAILED, ("archive_unsafe",)
    ),
    "too many entries": BadFile(
        lambda: repacked(GOOD, replace={f"m{number}": b"" for number in range(5_001)}), End.FAILED, ("archive_limits",)
    ),
    "zip bomb": BadFile(zip_bomb, End.FAILED, ("archive_limits",)),
    "wrong checksum": BadFile(wrong_checksum, End.FAILED, ("damaged_file",)),
    "no words": BadFile(lambda: word_file(par("")), End.FAILED, ("no_text",)),
    "2,000,000 empty paragraphs": BadFile(lambda: with_body(b"<w:p/>" * 2_000_000), End.FAILED, ("too_many_blocks",)),
    "one text of 300 MB": BadFile(one_huge_text, End.FAILED, ("archive_limits",)),
    "6,000,000 words": BadFile(
        lambda: with_body(par(run("word " * 2_000)).encode() * 3_000), End.FAILED, ("too_many_blocks",)
    ),
    "nested 100,000 deep": BadFile(
        lambda: with_body(b"<w:ins>" * 100_000 + b"</w:ins>" * 100_000), End.FAILED, ("damaged_file",)
    ),
    "NUL in XML": BadFile(lambda: with_body(b"<w:p><w:r><w:t>a\x00b</w:t></w:r></w:p>"), End.FAILED, ("damaged_file",)),
    "lone surrogate in XML": BadFile(
        lambda: with_body(b"<w:p><w:r><w:t>a&#xD83D;b</w:t></w:r></w:p>"), End.FAILED, ("damaged_file",)
    ),
    "encrypted PDF": BadFile(encrypted_pdf, End.FAILED, ("encrypted_file",), name="case.pdf"),
    "PDF without text": BadFile(lambda: pdf(*pdf_page(b"")), End.FAILED, ("no_text",), name="case.pdf"),
    "truncated PDF": BadFile(lambda: pdf_text("words")[:60], End.FAILED, ("damaged_file",), name="case.pdf"),
    "PDF bomb": BadFile(
        pdf_bomb, End.FAILED, ("no_text", "parse_memory_limit", "parser_crashed", "parse_time_limit"), name="case.pdf"
    ),
    "PDF whose pages go in circles": BadFile(pdf_of_circles, End.FAILED, ("no_text", "damaged_file"), name="case.pdf"),
    "PDF of a million pages": BadFile(
        pdf_of_a_million_pages, End.FAILED, ("too_many_blocks", "damaged_file"), name="case.pdf"
    ),
    "RTF of 500,000 groups": BadFile(
        lambda: b"{\\rtf1" + b"{" * 500_000 + b"}" * 500_000 + b"}", End.FAILED, ("no_text",), name="case.rtf"
    ),
    "RTF of a million empty lines": BadFile(
        lambda: b"{\\rtf1 " + b"\\par\n" * 1_000_000 + b"}", End.FAILED, ("no_text",), name="case.rtf"
    ),
    "RTF with more binary than there is": BadFile(
        lambda: b"{\\rtf1 Paid in full. \\bin999999999 x}", End.REVIEWED, words="Paid in full.", name="case.rtf"
    ),
    "text of blank lines": BadFile(lambda: b"\n" * 3_000_000, End.FAILED, ("no_text",), name="case.txt"),
    "text of a million lines": BadFile(
        lambda: b"word\n" * 1_000_000, End.FAILED, ("too_many_blocks",), name="case.txt"
    ),
    "nested zips": BadFile(nested_zips, End.REVIEWED, words="The seller shipped 14 units"),
    "signs of XML": BadFile(
        lambda: word_file(par(run("A &amp; B &lt;c&gt; &#x1F600; قال البائع"))),
        End.REVIEWED,
        words="A & B <c> 😀 قال البائع",
    ),
    "comments by others": BadFile(lambda: SHAPES["existing comment"][0], End.REVIEWED, words="Old words and new"),
    "tracked deletions": BadFile(lambda: SHAPES["deletion"][0], End.REVIEWED, words="Paid today."),
    "PDF with text": BadFile(
        lambda: pdf_text("The seller left on 3 May."), End.REVIEWED, words="The seller left on 3 May.", name="case.pdf"
    ),
    "RTF with half a surrogate pair": BadFile(
        lambda: b"{\\rtf1\\ansi Paid \\u-10179 ? in full\\par \\u0 ? twice}",
        End.REVIEWED,
        words="in full",
        name="case.rtf",
    ),
    "RTF with unbalanced braces": BadFile(
        lambda: b"{\\rtf1\\ansi {\\b Paid in full.}}}}}", End.REVIEWED, words="Paid in full.", name="case.rtf"
    ),
    "RTF called .doc": BadFile(
        lambda: b"{\\rtf1\\ansi Paid in full.}", End.REVIEWED, words="Paid in full.", name="case.doc"
    ),
    "NUL and escapes in text": BadFile(
        lambda: b"Paid\x00 in \x1b[31mfull\x1b[0m on 3 May.", End.REVIEWED, words="Paid in [31mfull", name="case.txt"
    ),
    "one very long line": BadFile(
        lambda: b"Paid in full. " * 14_000, End.REVIEWED, words="Paid in full.", name="case.txt"
    ),
    **{
        f"text in {encoding}": BadFile(
            lambda encoding=encoding: _SENTENCE.encode(encoding),
            End.REVIEWED,
            words=_SENTENCE,
            name="case.txt",  # type: ignore[misc]
        )
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "latin-1")
    },
    "text in koi8-r": BadFile(
        lambda: ("Продавец отправил товар покупателю третьего мая и получил деньги. " * 4).encode("koi8-r"),
        End.REVIEWED,
        words="Продавец отправил товар",
        name="case.txt",
    ),
    "text in Shift-JIS": BadFile(
        lambda: ("販売者は五月三日に商品を発送し、代金を受け取りました。" * 4).encode("shift_jis"),
        End.REVIEWED,
        words="販売者は五月三日に",
        name="case.txt",
    ),
}
