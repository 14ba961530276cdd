"""Reading, writing comments and reading again: the same words, the same foreign comments, exactly the quoted words covered."""

import io
import os
import random
import shutil
import struct
import subprocess
import zipfile
from copy import deepcopy
from datetime import UTC, datetime
from pathlib import Path

import docx
import pytest
from lxml import etree

from apps.documents.blocks.cleaning import clean_text
from apps.documents.blocks.port import Block, BlockKind
from apps.documents.sectioning.plan import divide
from apps.documents.word.annotations import Annotation, Target
from apps.documents.word.annotator import UnknownTargetError, annotate
from apps.documents.word.names import NAME_OF, W_STRICT, attribute
from apps.documents.word.paragraph_text import _walked, read_paragraph
from apps.documents.word.reader import read_word
from tests.documents.bad_files import repacked
from tests.documents.rare_shapes import FOREIGN, RARE_SHAPES
from tests.documents.word_shapes import SHAPES as COMMON_SHAPES
from tests.documents.word_shapes import W, cell, par, run, table, text_box, word_file

SHAPES = COMMON_SHAPES | RARE_SHAPES

_AT = datetime(2025, 5, 4, 12, 0, tzinfo=UTC)
_TEXT = "Say who & when <now>\x00 😀\nSecond line"


def comment(path: str, start: int, end: int, text: str = _TEXT) -> Annotation:
    return Annotation((Target(path, start, end),), text, "AI-Prism (rules)", "AI", _AT)


def random_quotes(blocks: tuple[Block, ...], *, count: int, seed: str) -> list[tuple[Annotation, str]]:
    draw = random.Random(seed)  # noqa: S311
    quotes = []
    for _ in range(count):
        block = draw.choice(blocks)
        piece = draw.choice(block.pieces)
        start = draw.randrange(piece.end - piece.start)
        end = draw.randrange(start, piece.end - piece.start) + 1
        quoted = block.text[piece.start + start : piece.start + end]
        quotes.append((comment(piece.path, piece.offset + start, piece.offset + end), quoted))
    return quotes


UNCUTTABLE = {"formula": "x=1+y", "phonetic guide": "東京"}
"""Words that Word holds as one thing: a comment covers all of them or none."""


def grown(quoted: str, whole: str) -> str:
    """The quote with an uncuttable thing whole where the quote reaches into it."""
    for size in range(len(whole) - 1, 0, -1):
        if quoted.startswith(whole[-size:]):
            quoted = whole + quoted[size:]
        if quoted.endswith(whole[:size]):
            quoted = quoted[:-size] + whole
    return whole if quoted and quoted in whole else quoted


def named(local: str) -> tuple[str, str]:
    """The tag in both forms of the format."""
    return f"{{{W}}}{local}", f"{{{W_STRICT}}}{local}"


def main_part(content: bytes) -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return etree.fromstring(archive.read("word/document.xml"))


def covered_words(content: bytes) -> dict[str, str]:
    """By comment id, the words between its range start and end, by a walk that shares nothing with the annotator but w:t."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        root = etree.fromstring(archive.read("word/document.xml"))
    owner = {}
    for paragraph in root.iter(*named("p")):
        read = read_paragraph(paragraph)
        owner.update({atom.element: read.text[atom.start : atom.end] for atom in read.atoms})
    is_open: dict[str, list[str]] = {}
    done: dict[str, str] = {}
    for element in root.iter():
        if element.tag in named("commentRangeStart"):
            is_open[attribute(element, "id") or ""] = []
        elif element.tag in named("commentRangeEnd"):
            one = attribute(element, "id") or ""
            done[one] = "".join(is_open.pop(one))
        elif element in owner:
            for words in is_open.values():
                words.append(owner[element])
    assert not is_open
    return done


@pytest.mark.parametrize("name", SHAPES)
def test_every_shape_gives_its_lines_in_reading_order(name: str) -> None:
    content, lines = SHAPES[name]
    assert [block.text for block in read_word(content).blocks] == lines


@pytest.mark.parametrize("name", SHAPES)
def test_the_short_way_through_a_paragraph_finds_what_the_long_way_finds(name: str) -> None:
    for paragraph in main_part(SHAPES[name][0]).iter(*named("p")):
        assert read_paragraph(paragraph)._replace(is_plain=False) == _walked(paragraph)


@pytest.mark.parametrize(
    "character", ["\t", "\n", "&#13;", "\x7f", "\x85", "\xa0", "\xad", "\u200e", "\u2028", "\u202e", "\ufeff"]
)
def test_no_character_takes_the_short_way_past_the_cleaning(character: str) -> None:
    content = word_file(par(run(f"Over{character}there,") + run(f"über{character}morgen") + run("’s day")))
    (block,) = read_word(content).blocks
    (paragraph,) = main_part(content).iter(*named("p"))
    raw = "".join(part.text or "" for part in paragraph.iter(*named("t")))
    assert block.text == clean_text(raw.translate(str.maketrans("\t\n\r", "   "))).text
    assert read_paragraph(paragraph)._replace(is_plain=False) == _walked(paragraph)


@pytest.mark.parametrize("name", SHAPES)
def test_a_piece_is_the_words_of_its_paragraph(name: str) -> None:
    content, _ = SHAPES[name]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        root = etree.fromstring(archive.read("word/document.xml"))
    texts = [read_paragraph(paragraph).text for paragraph in root.iter(*named("p"))]
    blocks = read_word(content).blocks
    assert any(piece.path.startswith("body/") for block in blocks for piece in block.pieces)
    for block in blocks:
        for piece in block.pieces:
            key, _, number = piece.path.rpartition("/")
            if key == "body":
                length = piece.end - piece.start
                assert texts[int(number)][piece.offset : piece.offset + length] == block.text[piece.start : piece.end]


@pytest.mark.parametrize("name", SHAPES)
def test_comments_cover_exactly_the_quoted_words_and_change_none(name: str) -> None:
    content, _ = SHAPES[name]
    before = read_word(content)
    blocks = tuple(block for block in before.blocks if block.pieces[0].path.startswith("body/"))
    quotes = random_quotes(blocks, count=12, seed=name)

    after_bytes = annotate(content, [annotation for annotation, _ in quotes])

    after = read_word(after_bytes)
    assert after.blocks == before.blocks
    assert after.foreign_comment_count == before.foreign_comment_count + len(quotes)
    words = covered_words(after_bytes)
    first = {"existing comment": 8, "comments by others in every part": 10}.get(name, 0)
    covered = [words[str(first + number)] for number in range(len(quotes))]
    whole = UNCUTTABLE.get(name, "")
    assert covered == [grown(quoted, whole) for _, quoted in quotes]


@pytest.mark.parametrize("name", SHAPES)
def test_every_other_part_keeps_its_bytes(name: str) -> None:
    content, _ = SHAPES[name]
    path = next(block.pieces[0].path for block in read_word(content).blocks if block.pieces[0].path.startswith("body/"))
    after = annotate(content, [comment(path, 0, 1)])
    may_change = {"word/document.xml", "word/comments.xml", "[Content_Types].xml", "word/_rels/document.xml.rels"}
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(io.BytesIO(after)) as new:
        assert set(new.namelist()) - set(old.namelist()) <= {"word/comments.xml"}
        for part in set(old.namelist()) - may_change:
            assert new.read(part) == old.read(part)


def without_our_marks(root: etree._Element, *, ours: set[str]) -> bytes:
    """Canonical XML without the marks of these comments, and with a run for each character: where runs are cut does not count."""
    for element in list(root.iter(*named("commentRangeStart"), *named("commentRangeEnd"))):
        if attribute(element, "id") in ours:
            element.getparent().remove(element)
    for element in list(root.iter(*named("commentReference"))):
        if attribute(element, "id") in ours:
            element.getparent().getparent().remove(element.getparent())
    for host in list(root.iter(*named("r"))):
        properties = [one for one in host if NAME_OF.get(one.tag) == "rPr"]
        for part in [one for one in host if one not in properties]:
            pieces = [part]
            if NAME_OF.get(part.tag) == "t":
                part.attrib.pop("{http://www.w3.org/XML/1998/namespace}space", None)
                letters = part.text or ""
                pieces = [deepcopy(part) for _ in letters]
                for piece, letter in zip(pieces, letters, strict=True):
                    piece.text = letter
            for piece in pieces:
                alone = host.makeelement(host.tag, host.attrib)
                alone.extend([*map(deepcopy, properties), piece])
                host.addprevious(alone)
        host.getparent().remove(host)
    return etree.tostring(root, method="c14n")


@pytest.mark.parametrize("name", SHAPES)
def test_without_our_marks_the_document_is_the_original(name: str) -> None:
    content, _ = SHAPES[name]
    blocks = tuple(block for block in read_word(content).blocks if block.pieces[0].path.startswith("body/"))
    quotes = random_quotes(blocks, count=12, seed=name)
    after = annotate(content, [annotation for annotation, _ in quotes])
    ours = set(covered_words(after)) - set(covered_words(content))
    assert len(ours) == len(quotes)
    assert without_our_marks(main_part(after), ours=ours) == without_our_marks(main_part(content), ours=set())


@pytest.mark.parametrize("name", [name for name in SHAPES if name != "strict form"])
def test_python_docx_opens_the_file_and_finds_each_comment(name: str) -> None:
    content, _ = SHAPES[name]
    path = next(block.pieces[0].path for block in read_word(content).blocks if block.pieces[0].path.startswith("body/"))
    opened = docx.Document(io.BytesIO(annotate(content, [comment(path, 0, 1)])))
    ours = [one for one in opened.comments if one.author == "AI-Prism (rules)"]
    assert [(one.initials, one.timestamp) for one in ours] == [("AI", _AT)]
    assert [paragraph.text for paragraph in ours[0].paragraphs] == ["Say who & when <now> 😀", "Second line"]


def test_comments_by_others_keep_every_byte() -> None:
    content, _ = SHAPES["comments by others in every part"]
    after = annotate(content, [comment("body/1", 0, 4), comment("body/0", 2, 12)])
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(io.BytesIO(after)) as new:
        before, now = old.read("word/comments.xml"), new.read("word/comments.xml")
        assert FOREIGN.encode() in now
        assert now.startswith(before.removesuffix(b"</w:comments>"))
        for part in ("word/commentsExtended.xml", "word/people.xml"):
            assert new.read(part) == old.read(part)
    assert covered_words(after) == {"7": "Old words", "10": "More", "11": "d words an"}


@pytest.mark.parametrize(
    "part", ["<w:comments {ns}/>", '<?xml version="1.0" encoding="UTF-16"?><w:comments {ns}></w:comments>']
)
def test_a_part_of_comments_that_is_empty_or_in_another_encoding_takes_ours(part: str) -> None:
    content, _ = SHAPES["existing comment"]
    data = part.format(ns=f'xmlns:w="{W}"')
    after = annotate(
        repacked(content, replace={"word/comments.xml": data.encode("utf-16" if "UTF-16" in data else "utf-8")}),
        [comment("body/0", 0, 3)],
    )
    assert read_word(after).foreign_comment_count == 1


def test_a_comment_over_paragraphs_and_cells_covers_all_between_its_ends() -> None:
    body = (
        par(run("First line here."))
        + table(cell(par(run("one"))) + cell(par(run("two")) + par(run("three"))))
        + par(run("The end."))
    )
    content = word_file(body)
    blocks = read_word(content).blocks
    assert [block.text for block in blocks] == ["First line here.", "one | two three", "The end."]
    places = [piece for block in blocks for piece in block.pieces]
    over_paragraphs = Annotation(
        tuple(Target(one.path, 6 if at == 0 else 0, 3 if one is places[-1] else None) for at, one in enumerate(places)),
        _TEXT,
        "Ana",
        "A",
        _AT,
    )
    over_cells = Annotation((Target(places[1].path, 1, None), Target(places[2].path, 0, 2)), _TEXT, "Ana", "A", _AT)
    after = annotate(content, [over_paragraphs, over_cells])
    assert covered_words(after) == {"0": "line here.onetwothreeThe", "1": "netw"}
    assert read_word(after).blocks == blocks
    assert len(docx.Document(io.BytesIO(after)).comments) == 2


def test_many_comments_on_the_same_words_all_cover_them() -> None:
    content, _ = SHAPES["many runs"]
    after = annotate(content, [comment("body/0", 2, 9)] * 5 + [comment("body/0", 0, 12), comment("body/0", 4, 5)])
    words = covered_words(after)
    assert [words[str(number)] for number in range(7)] == ["ller le"] * 5 + ["Seller left.", "e"]


def test_a_damaged_picture_does_not_keep_the_file_from_its_comments() -> None:
    content = repacked(SHAPES["one run"][0], replace={"word/media/image1.png": b"not to be unpacked" * 9})
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        crc = struct.pack("<L", archive.getinfo("word/media/image1.png").CRC)
    broken = content.replace(crc, b"\x01\x02\x03\x04")
    after = annotate(broken, [comment("body/0", 0, 3)])
    assert covered_words(after) == {"0": "The"}
    with zipfile.ZipFile(io.BytesIO(after)) as archive, pytest.raises(zipfile.BadZipFile, match="CRC"):
        archive.read("word/media/image1.png")


def test_automatic_numbers_of_headings_stand_in_the_heading_as_word_shows_them() -> None:
    sections = divide(read_word(SHAPES["numbered headings"][0]))
    assert [(one.heading, one.level) for one in sections] == [
        ("1 Summary", 1),
        ("2 Cause", 1),
        ("2.1 Of the fault", 2),
        ("Part I: Root", 3),
    ]


def test_a_foreign_comment_keeps_its_words_author_and_place() -> None:
    content, _ = SHAPES["existing comment"]
    after = annotate(content, [comment("body/0", 4, 13)])
    with zipfile.ZipFile(io.BytesIO(after)) as archive:
        comments = etree.fromstring(archive.read("word/comments.xml"))
    assert [one.get(f"{{{W}}}author") for one in comments] == ["Somebody Else", "AI-Prism (rules)"]
    assert "".join(comments[0].itertext()) == "Please check & answer"
    assert covered_words(after) == {"7": "Old words", "8": "words and"}


def test_formatting_survives_a_cut_run() -> None:
    content = word_file(par(run("All of this is bold", "<w:b/>")))
    after = annotate(content, [comment("body/0", 4, 11)])
    with zipfile.ZipFile(io.BytesIO(after)) as archive:
        root = etree.fromstring(archive.read("word/document.xml"))
    runs = [one for one in root.iter(f"{{{W}}}r") if one.find(f"{{{W}}}t") is not None]
    assert [one.find(f"{{{W}}}t").text for one in runs] == ["All ", "of this", " is bold"]
    assert all(one.find(f"{{{W}}}rPr/{{{W}}}b") is not None for one in runs)


def test_a_comment_on_a_footnote_sits_on_its_reference_and_quotes_it() -> None:
    content, _ = SHAPES["footnote"]
    path = read_word(content).blocks[1].pieces[0].path
    after = annotate(content, [comment(path, 0, 7, "Cite it.")])
    assert covered_words(after) == {"0": "Claim"}
    with zipfile.ZipFile(io.BytesIO(after)) as archive:
        comments = etree.fromstring(archive.read("word/comments.xml"))
    assert "As told" in "".join(comments.itertext())
    assert "Cite it." in "".join(comments.itertext())


def test_a_text_box_that_stands_twice_is_read_once() -> None:
    content = word_file(par(text_box(par(run("Only once")))))
    assert [block.text for block in read_word(content).blocks] == ["Only once"]


def test_automatic_numbers_are_hints_and_not_text() -> None:
    content, _ = SHAPES["numbered list"]
    assert [block.hints.number_label for block in read_word(content).blocks] == ["1.", "1.1", "2."]


def test_translated_and_derived_heading_styles_are_headings() -> None:
    content, _ = SHAPES["styled headings"]
    assert [block.hints.style_level for block in read_word(content).blocks] == [1, None, 1]


@pytest.mark.parametrize(
    ("shape", "code"),
    [("deletion", "tracked_deletions"), ("hidden text", "hidden_text"), ("override marks", "removed_characters")],
)
def test_what_was_left_out_or_kept_quietly_is_told(shape: str, code: str) -> None:
    assert code in {notice.code for notice in read_word(SHAPES[shape][0]).notices}


@pytest.mark.parametrize("path", ["body/99", "footnotes/0"])
def test_a_target_that_is_not_there_is_refused(path: str) -> None:
    with pytest.raises(UnknownTargetError):
        annotate(SHAPES["one run"][0], [comment(path, 0, 1)])


@pytest.mark.office
def test_libreoffice_opens_every_annotated_shape(tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        assert os.environ.get("CI") != "true", "soffice must be installed where CI=true"
        pytest.skip("LOUD: soffice is not installed, no file was opened in LibreOffice")
    files = []
    for number, (content, _) in enumerate(SHAPES.values()):
        blocks = tuple(block for block in read_word(content).blocks if block.pieces[0].path.startswith("body/"))
        # LibreOffice keeps no comments of text boxes when it converts; their place is checked above.
        quotes = random_quotes(
            tuple(one for one in blocks if one.kind is not BlockKind.TEXT_BOX), count=3, seed=str(number)
        )
        file = tmp_path / f"shape{number}.docx"
        file.write_bytes(annotate(content, [one for one, _ in quotes]))
        files.append(str(file))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    out = tmp_path / "out"
    subprocess.run(
        [office, "--headless", "--norestore", profile, "--convert-to", "odt", "--outdir", str(out), *files],
        check=True,
        capture_output=True,
        timeout=120,
    )
    for number in range(len(SHAPES)):
        with zipfile.ZipFile(out / f"shape{number}.odt") as archive:
            assert archive.read("content.xml").count(b"<office:annotation ") >= 3


def test_the_names_know_both_forms_of_the_format() -> None:
    assert NAME_OF["{http://purl.oclc.org/ooxml/wordprocessingml/main}p"] == NAME_OF[f"{{{W}}}p"] == "p"
