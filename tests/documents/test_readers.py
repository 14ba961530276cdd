"""The readers themselves, in this process: what the sandbox runs, and each limit and notice of theirs."""

import io
import struct
import zipfile

import pytest

from apps.documents.blocks import archive_limits
from apps.documents.blocks.archive_limits import open_archive, read_part, refuse_declarations
from apps.documents.blocks.cleaning import clean_text, raw_offset
from apps.documents.blocks.errors import (
    ArchiveLimitsError,
    DamagedFileError,
    EncryptedFileError,
    ExtractionError,
    NotAWordFileError,
    TooManyBlocksError,
    UnsafeArchiveError,
    UnsupportedFileError,
    XmlForbiddenError,
)
from apps.documents.blocks.port import BlockKind, FileKind
from apps.documents.choices import NOTICES, notice_sentence
from apps.documents.extraction import line_blocks, pdf_files
from apps.documents.extraction.codec import dump_text, load_text
from apps.documents.extraction.pdf_files import rejoined
from apps.documents.extraction.registry import extractor_for
from apps.documents.extraction.sniffing import sniff
from apps.documents.word import blocks as word_blocks
from apps.documents.word.numbering import Numbering
from apps.documents.word.package import WordPackage, parse_xml
from apps.documents.word.reader import read_word
from tests.documents.bad_files import BAD_FILES, GOOD, End, pdf, pdf_page, pdf_text, repacked
from tests.documents.rare_shapes import RARE_SHAPES
from tests.documents.word_shapes import SHAPES, W, par, run, word_file

# Refused by what the child adds: its memory, and the length of a text.
_BY_THE_CHILD = {"PDF bomb", "6,000,000 words"}


@pytest.mark.parametrize(
    "name", [name for name, file in BAD_FILES.items() if file.end is End.FAILED and name not in _BY_THE_CHILD]
)
def test_a_reader_refuses_with_its_code(name: str) -> None:
    file = BAD_FILES[name]
    content = file.make()
    with pytest.raises(ExtractionError) as refused:
        extractor_for(sniff(content, file_name=file.name))(content)
    assert refused.value.code in file.codes


@pytest.mark.parametrize("name", [name for name, file in BAD_FILES.items() if file.end is End.REVIEWED])
def test_a_reader_gives_the_words_and_what_is_kept_of_them_is_the_same(name: str) -> None:
    file = BAD_FILES[name]
    content = file.make()
    text = extractor_for(sniff(content, file_name=file.name))(content)
    assert file.words in "\n".join(block.text for block in text.blocks)
    assert load_text(dump_text(text)) == text


@pytest.mark.parametrize("stored", [b"", b"no zlib", dump_text(read_word(GOOD))[:-20]])
def test_a_kept_text_that_is_damaged_is_told(stored: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        load_text(stored)


def test_every_notice_of_a_reader_is_a_sentence_for_people() -> None:
    files = [content for content, _ in (SHAPES | RARE_SHAPES).values()]
    texts = [read_word(content) for content in files]
    texts += [
        extractor_for(kind)(content)
        for kind, content in (
            (FileKind.PDF, pdf_text("Words.")),
            (FileKind.TXT, "Grüße \x01".encode("cp1252")),
            (FileKind.RTF, b"{\\rtf1 words}"),
        )
    ]
    codes = {notice.code for text in texts for notice in text.notices}
    assert codes <= set(NOTICES)
    assert {
        "tracked_deletions",
        "hidden_text",
        "pictures_not_read",
        "embedded_file_not_read",
        "layout_not_kept",
    } <= codes
    for code in NOTICES:
        for count in (1, 3):
            sentence = notice_sentence({"code": code, "count": count, "detail": "cp1252"})
            assert sentence.endswith(".")
            assert "%" not in sentence


def test_pages_of_a_pdf_without_words_are_told_and_the_others_read() -> None:
    catalog, _, _, words, font = pdf_page(b"BT /F1 12 Tf 72 720 Td (Words here.) Tj ET")
    pages = b"<</Type/Pages/Kids[3 0 R 6 0 R]/Count 2>>"
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R/Resources<</Font<</F1 5 0 R>>>>>>"
    content = pdf(catalog, pages, page % 4, words, font, page % 7, b"<</Length 0>>\nstream\n\nendstream")
    text = pdf_files.read_pdf(content)
    assert [(block.text, block.pieces[0].path) for block in text.blocks] == [("Words here.", "page/1/par/0")]
    assert text.page_count == 2
    assert {"layout_not_kept", "no_text_layer"} == {notice.code for notice in text.notices}


def test_the_lines_of_a_page_are_rejoined_to_paragraphs() -> None:
    lines = [
        "1. The seller shipped the goods to the buyers on the third of March and was",
        "paid in full for the de-",
        "livery.",
        "",
        "- an item that stands alone",
        "- another one",
        "A soft hyp\u00ad",
        "hen joins.",
        "From: desk",
        "To: buyer",
    ]
    assert rejoined(lines) == [
        "1. The seller shipped the goods to the buyers on the third of March and was paid in full for the de-",
        "livery.",
        "- an item that stands alone",
        "- another one",
        "A soft hyphen joins.",
        "From: desk",
        "To: buyer",
    ]
    full = ["The warehouse in the north of the city was never asked about the de-", "livery, and so nobody knew of it."]
    assert rejoined(full) == [
        "The warehouse in the north of the city was never asked about the delivery, and so nobody knew of it."
    ]


@pytest.mark.parametrize(
    ("kind", "content"),
    [(FileKind.DOCX, GOOD), (FileKind.TXT, b"one\ntwo"), (FileKind.PDF, pdf_text("Words."))],
)
def test_the_limits_of_blocks_and_pages_hold(kind: FileKind, content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in ((word_blocks, "MAX_BLOCKS"), (line_blocks, "MAX_BLOCKS"), (pdf_files, "MAX_PAGES")):
        monkeypatch.setattr(module, name, 0)
    with pytest.raises(TooManyBlocksError):
        extractor_for(kind)(content)


def test_an_archive_that_lies_about_itself_is_refused() -> None:
    link = zipfile.ZipInfo("word/link.xml")
    link.external_attr = 0o120777 << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(link, b"/etc/passwd")
    with pytest.raises(UnsafeArchiveError):
        open_archive(out.getvalue())
    for name in ("/etc/x.xml", "C:x.xml", "a\\..\\..\\x.xml"):
        with pytest.raises(UnsafeArchiveError):
            open_archive(repacked(GOOD, replace={name: b""}))
    with pytest.raises(DamagedFileError):
        open_archive(b"PK\x05\x06 no directory")
    with pytest.raises(EncryptedFileError):
        open_archive(BAD_FILES["encrypted entries"].make())


def test_entries_that_overlap_are_refused() -> None:
    """Two names for the bytes of one entry: the way to pack petabytes into kilobytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.xml", b"a" * 50)
        archive.writestr("b.xml", b"b" * 50)
    content = bytearray(out.getvalue())
    second = content.rfind(b"PK\x01\x02")
    struct.pack_into("<L", content, second + 42, 0)
    with pytest.raises(UnsafeArchiveError):
        open_archive(bytes(content))
    first = content.find(b"PK\x01\x02")
    struct.pack_into("<LL", content, first + 20, 10_000, 10_000)
    struct.pack_into("<L", content, second + 42, 80)
    with pytest.raises((UnsafeArchiveError, DamagedFileError)):
        open_archive(bytes(content))


def test_a_part_is_never_longer_than_promised(monkeypatch: pytest.MonkeyPatch) -> None:
    archive = open_archive(GOOD)
    archive.getinfo("word/document.xml").file_size = 10
    with pytest.raises((ArchiveLimitsError, DamagedFileError)):
        read_part(archive, "word/document.xml")
    archive = open_archive(GOOD)
    monkeypatch.setattr(archive_limits, "MAX_XML_PART_BYTES", 10)
    with pytest.raises(ArchiveLimitsError):
        read_part(archive, "word/document.xml")
    with pytest.raises(ArchiveLimitsError):
        open_archive(GOOD)
    monkeypatch.undo()
    monkeypatch.setattr(archive_limits, "RATIO_MATTERS_FROM_BYTES", 1_000)
    with pytest.raises(ArchiveLimitsError):
        open_archive(repacked(GOOD, replace={"word/a.bin": bytes(2_000_000)}))


@pytest.mark.parametrize(
    "data",
    [
        b"<!DOCTYPE a>",
        b"<a/><! entity x>",
        "<!DOCTYPE a>".encode("utf-16"),
        "<!DOCTYPE a>".encode("utf-16-le"),
        "<a/>".encode("utf-32"),
        b"\xff\xfe<",
        b"\x4c\x6f\xa7\x94",
    ],
)
def test_declarations_are_refused_in_every_encoding(data: bytes) -> None:
    with pytest.raises(XmlForbiddenError):
        refuse_declarations(data)


def test_harmless_xml_of_two_bytes_a_letter_is_let_through() -> None:
    refuse_declarations("<a>ä</a>".encode("utf-16"))
    refuse_declarations(b"<a><!-- a note --></a>")


@pytest.mark.parametrize(
    ("replaced", "error"),
    [
        (
            {"_rels/.rels": b"<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'/>"},
            NotAWordFileError,
        ),
        ({"word/_rels/document.xml.rels": b"<a"}, DamagedFileError),
    ],
)
def test_a_package_that_names_no_main_part_is_refused(replaced: dict[str, bytes], error: type[Exception]) -> None:
    with pytest.raises(error):
        WordPackage(repacked(GOOD, replace=replaced))


def test_a_package_without_relations_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    with pytest.raises(NotAWordFileError):
        WordPackage(out.getvalue())


def test_too_many_tags_are_refused_before_they_are_parsed() -> None:
    with pytest.raises(TooManyBlocksError):
        parse_xml(b"<a>" + b"<b/>" * 1_600_000)


def _list(levels: str, *, numbers: str = '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>') -> Numbering:
    return Numbering(
        parse_xml(
            f'<w:numbering xmlns:w="{W}"><w:abstractNum w:abstractNumId="0">{levels}</w:abstractNum>{numbers}</w:numbering>'.encode()
        )
    )


def _level(number: int, shape: str, pattern: str, start: int = 1) -> str:
    return f'<w:lvl w:ilvl="{number}"><w:start w:val="{start}"/><w:numFmt w:val="{shape}"/><w:lvlText w:val="{pattern}"/></w:lvl>'


@pytest.mark.parametrize(
    ("shape", "start", "labels"),
    [
        ("decimal", 9, ["9.", "10."]),
        ("lowerLetter", 26, ["z.", "aa."]),
        ("upperLetter", 1, ["A.", "B."]),
        ("lowerRoman", 3, ["iii.", "iv."]),
        ("upperRoman", 1999, ["MCMXCIX.", "MM."]),
        ("upperRoman", 4000, ["4000.", "4001."]),
        ("decimalZero", 9, ["09.", "10."]),
        ("bullet", 1, ["", ""]),
        ("none", 1, ["", ""]),
        ("chineseCounting", 1, ["1.", "2."]),
    ],
)
def test_lists_count_as_word_shows_them(shape: str, start: int, labels: list[str]) -> None:
    numbering = _list(_level(0, shape, "%1.", start))
    assert [numbering.label("1", 0) for _ in labels] == labels


def test_a_list_that_begins_anew_and_one_that_is_not_there() -> None:
    override = '<w:num w:numId="2"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride></w:num>'
    plain = '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="3"/>'
    numbering = _list(_level(0, "decimal", "%1.") + _level(1, "lowerLetter", "%1%2)"), numbers=plain + override)
    said = [numbering.label(*one) for one in (("1", 0), ("1", 1), ("1", 1), ("2", 0), ("2", 0), ("2", 1), ("1", 0))]
    assert said == ["1.", "1a)", "1b)", "5.", "6.", "6a)", "7."]
    assert (
        numbering.label("99", 0),
        numbering.label("3", 0),
        numbering.label("1", 12),
        Numbering(None).label("1", 0),
    ) == ("", "", "", "")


def test_bold_and_capitals_come_from_runs_styles_and_paragraphs() -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="Strong"><w:name w:val="Strong line"/><w:rPr><w:b/><w:caps/></w:rPr></w:style>'
        '<w:style w:type="character" w:styleId="Loud"><w:name w:val="Loud"/><w:rPr><w:b/></w:rPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="Loop"><w:name w:val="Loop"/><w:basedOn w:val="Loop"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="Toc"><w:name w:val="toc 1"/><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
    )
    body = (
        par(run("One") + run(" "), '<w:pStyle w:val="Strong"/>')
        + par(run("Two", '<w:b w:val="0"/>'), '<w:pStyle w:val="Strong"/>')
        + par(run("Three", '<w:rStyle w:val="Loud"/>'))
        + par(run("Four", "<w:b/>") + run(" five"))
        + par(run("Six"), '<w:pStyle w:val="Loop"/>')
        + par(run("Seven"), '<w:pStyle w:val="Toc"/>')
        + par(run("Eight"), '<w:outlineLvl w:val="1"/>')
        + par(run("Nine"), '<w:outlineLvl w:val="9"/>')
        + par(run("TEN", '<w:rFonts w:ascii="Courier New"/>'))
        + par(run("Eleven"), '<w:outlineLvl w:val="x"/>')
        + par(
            run("Twelve", "<w:b/>")
            + run(" ", '<w:lang w:val="en-GB"/>')
            + run("too", '<w:b/><w:rFonts w:ascii="Arial"/>')
        )
        + par(run("Thirteen", '<w:b/><w:rFonts w:ascii="Consolas"/>') + run(" lines", '<w:rFonts w:ascii="Consolas"/>'))
    )
    read = read_word(word_file(body, parts={"styles": styles})).blocks
    hints = [block.hints for block in read]
    assert [one.is_bold for one in hints] == [True, False, True] + [False] * 7 + [True, False]
    assert [one.is_caps for one in hints] == [True, True, *[False] * 6, True, *[False] * 3]
    assert [one.outline_level for one in hints] == [None] * 6 + [2] + [None] * 5
    assert [block.is_quoted for block in read] == [False] * 8 + [True, False, False, True]


def test_cleaning_counts_what_it_takes_and_keeps_the_places() -> None:
    raw = "a\x00b\u202ec\u2028d"
    assert (clean_text(raw).text, clean_text(raw).removed_count) == ("abc d", 2)
    assert [raw_offset(raw, at) for at in range(6)] == [0, 2, 4, 5, 6, 7]


def test_a_kind_is_known_by_its_content() -> None:
    assert sniff(io.BytesIO(b"  {\\rtf1 x}")) is FileKind.RTF
    assert sniff(b"junk\n" * 100 + b"%PDF-1.4") is FileKind.PDF
    template = repacked(
        GOOD,
        replace={
            "[Content_Types].xml": b"<Types><Override ContentType='application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml'/></Types>"
        },
    )
    assert sniff(template) is FileKind.DOCX
    sheet = repacked(GOOD, replace={"[Content_Types].xml": b"<Types>spreadsheetml.sheet.main+xml</Types>"})
    with pytest.raises(UnsupportedFileError):
        sniff(sheet, file_name="x.xlsx")
    with pytest.raises(NotAWordFileError):
        sniff(sheet, file_name="x.docx")
    with pytest.raises(DamagedFileError):
        sniff(b"PK\x03\x04" + bytes(100))


def test_boxes_of_words_and_words_of_a_heading_over_two_lines_are_told_apart() -> None:
    body = par("<w:r><w:t>Root</w:t><w:br/><w:t>cause</w:t></w:r>", '<w:outlineLvl w:val="0"/>') + with_body_of_a_list()
    read = read_word(word_file(body, parts={"numbering": _BULLETS})).blocks
    assert [(block.kind, block.text) for block in read] == [
        (BlockKind.PARAGRAPH, "Root cause"),
        (BlockKind.LIST_ITEM, "An item"),
    ]
    assert [(piece.start, piece.end, piece.offset) for piece in read[0].pieces] == [(0, 4, 0), (5, 10, 5)]


_BULLETS = (
    '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="-"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
)


def with_body_of_a_list() -> str:
    return par(run("An item"), '<w:numPr><w:numId w:val="1"/></w:numPr>')
