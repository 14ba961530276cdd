"""Reading, writing comments and reading again: the same words, the same foreign comments, exactly the quoted words covered."""

import io
import random
import shutil
import subprocess
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from apps.documents.blocks.port import Block, BlockKind
from apps.documents.word.annotations import Annotation, Target
from apps.documents.word.annotator import UnknownTargetError, annotate
from apps.documents.word.names import NAME_OF
from apps.documents.word.paragraph_text import read_paragraph
from apps.documents.word.reader import read_word
from tests.documents.word_shapes import SHAPES, W, par, run, text_box, word_file

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


def covered_words(content: bytes) -> dict[str, str]:
    """By comment id, the words between its range start and end, by a walk that shares nothing with the annotator but w:t."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        root = etree.fromstring(archive.read("word/document.xml"))
    owner = {}
    for paragraph in root.iter(f"{{{W}}}p"):
        read = read_paragraph(paragraph)
        owner.update({atom.element: read.text[atom.start : atom.end] for atom in read.atoms})
    is_open: dict[str, list[str]] = {}
    done: dict[str, str] = {}
    for element in root.iter():
        if element.tag == f"{{{W}}}commentRangeStart":
            is_open[element.get(f"{{{W}}}id")] = []
        elif element.tag == f"{{{W}}}commentRangeEnd":
            one = element.get(f"{{{W}}}id")
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
def test_a_piece_is_the_words_of_its_paragraph(name: str) -> None:
    content, _ = SHAPES[name]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        root = etree.fromstring(archive.read("word/document.xml"))
    texts = [read_paragraph(paragraph).text for paragraph in root.iter(f"{{{W}}}p")]
    for block in read_word(content).blocks:
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
    first = 8 if name == "existing comment" else 0
    assert [words[str(first + number)] for number in range(len(quotes))] == [
        quoted.replace("\t", "\t") for _, quoted in quotes
    ]


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
