"""Comments where Word takes none, and the rare places of those that it takes."""

import io
import zipfile
from datetime import UTC, datetime

import pytest

from apps.documents.word.annotations import Annotation, Target
from apps.documents.word.annotator import UnknownTargetError, annotate
from apps.documents.word.reader import read_word
from tests.documents.bad_files import repacked
from tests.documents.rare_shapes import RARE_SHAPES
from tests.documents.test_word_round_trip import covered_words
from tests.documents.word_shapes import SHAPES, par, run, word_file

_AT = datetime(2025, 5, 4, 12, 0, tzinfo=UTC)


def remark(*targets: Target, text: str = "Why?") -> Annotation:
    return Annotation(targets, text, "Ana", "A", _AT)


def comments_of(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read("word/comments.xml").decode()


@pytest.mark.parametrize(("number", "where", "words"), [(0, "header", "Case"), (2, "footer", "Conf")])
def test_words_of_headers_and_footers_are_quoted_on_the_first_paragraph(number: int, where: str, words: str) -> None:
    content, _ = SHAPES["header and footer"]
    path = read_word(content).blocks[number].pieces[0].path
    after = annotate(content, [remark(Target(path, 0, 4)), remark(Target(path, 0, 0), text="All of it")])
    assert covered_words(after) == dict.fromkeys("01", "The seller shipped 14 units on 3 March.")
    assert f"About “{words}” in the {where}:" in comments_of(after)
    assert f"About the {where}:" in comments_of(after)


def test_words_of_an_endnote_are_quoted_on_its_reference() -> None:
    content, _ = RARE_SHAPES["footnotes and endnotes"]
    path = read_word(content).blocks[3].pieces[0].path
    after = annotate(content, [remark(Target(path, 0, 4))])
    assert covered_words(after) == {"0": "Proof"}
    assert "About “Kept” in the endnote:" in comments_of(after)


def test_a_note_that_nothing_refers_to_is_quoted_on_the_first_words() -> None:
    note = f'<w:footnote w:id="2">{par(run("Alone."))}</w:footnote>'
    content = word_file(par("") + par(run("First words.")), parts={"footnotes": note})
    after = annotate(content, [remark(Target("footnotes/0", 0, 5))])
    assert covered_words(after) == {"0": "First words."}


def test_a_target_without_an_end_runs_to_the_end_of_its_paragraph() -> None:
    content, _ = SHAPES["one run"]
    after = annotate(content, [remark(Target("body/0", 28, None)), remark(Target("body/0", 0, None))])
    assert covered_words(after) == {"0": "on 3 March.", "1": "The seller shipped 14 units on 3 March."}


def test_an_empty_paragraph_takes_a_comment_too() -> None:
    content = word_file(par("") + par("", '<w:jc w:val="left"/>') + par(run("Words.")))
    after = annotate(content, [remark(Target("body/0", 0, 0)), remark(Target("body/1", 0, None))])
    over = annotate(content, [remark(Target("body/1", 0, 0), Target("body/2", 0, 5))])
    back = annotate(content, [remark(Target("body/2", 6, 6), Target("body/2", 6, 6))])
    assert covered_words(after) == {"0": "", "1": ""}
    assert covered_words(over) == {"0": "Words"}
    assert set(covered_words(back)) == {"0"}
    for file in (after, over, back):
        assert read_word(file).blocks == read_word(content).blocks


@pytest.mark.parametrize(
    "target",
    [
        Target("body/0", 0, 99),
        Target("body/0", 50, None),
        Target("header:word/none.xml/0", 0, 1),
        Target("body/-1", 0, 0),
    ],
)
def test_a_target_that_is_not_there_is_refused(target: Target) -> None:
    with pytest.raises(UnknownTargetError):
        annotate(SHAPES["one run"][0], [remark(target)])
    with pytest.raises(UnknownTargetError):
        annotate(SHAPES["one run"][0], [remark()])


def test_a_note_or_margin_that_is_shorter_than_the_target_says_is_refused() -> None:
    with pytest.raises(UnknownTargetError):
        annotate(SHAPES["footnote"][0], [remark(Target("footnotes/7", 0, 1))])


def test_no_comment_leaves_the_file_as_it_is() -> None:
    assert annotate(SHAPES["one run"][0], []) == SHAPES["one run"][0]


def test_names_that_are_taken_are_not_used_again() -> None:
    """A file with a part called comments that is not the comments, and relations without a plain number."""
    content = repacked(
        SHAPES["one run"][0],
        replace={
            "word/comments.xml": b"<other/>",
            "word/_rels/document.xml.rels": b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            b'<Relationship Id="rId2" Type="x/image" Target="http://example.com" TargetMode="External"/></Relationships>',
        },
    )
    after = annotate(content, [remark(Target("body/0", 0, 3))])
    with zipfile.ZipFile(io.BytesIO(after)) as archive:
        assert archive.read("word/comments.xml") == b"<other/>"
        assert b"<w:comment " in archive.read("word/comments1.xml")
        relations = archive.read("word/_rels/document.xml.rels").decode()
    assert 'Id="rId3"' in relations
    assert 'TargetMode="External"' in relations
    assert read_word(after).foreign_comment_count == 1


def test_a_file_without_relations_of_its_main_part_gets_them() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(SHAPES["one run"][0])) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            if name != "word/_rels/document.xml.rels":
                new.writestr(name, old.read(name))
    after = annotate(out.getvalue(), [remark(Target("body/0", 0, 3))])
    assert covered_words(after) == {"0": "The"}
    assert read_word(after).foreign_comment_count == 1
