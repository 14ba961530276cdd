"""Writes comments into a Word file on exact words. Only the main part, the comments and what names them change."""

import io
from collections import defaultdict
from collections.abc import Sequence
from typing import IO, NamedTuple

from lxml import etree

from apps.documents.blocks.archive_rewriting import rewrite
from apps.documents.word.annotations import Annotation, Target
from apps.documents.word.comments_part import CommentsPart, serialized
from apps.documents.word.cutting import cut_paragraph
from apps.documents.word.names import NAME_OF, W_STRICT, W, attribute
from apps.documents.word.package import WordPackage
from apps.documents.word.paragraph_text import Atom, read_paragraph
from apps.documents.word.paths import BODY, ENDNOTES, FOOTNOTES, paragraphs_of, split_path

_NOTE_ROLES = {FOOTNOTES: "footnoteReference", ENDNOTES: "endnoteReference"}
_NOTE_NAMES = {FOOTNOTES: "footnote", ENDNOTES: "endnote"}
_LONGEST_QUOTE = 200


class UnknownTargetError(ValueError):
    """A target names a paragraph that this file does not have, or characters outside it."""


class _Edge(NamedTuple):
    """A place in the body: a paragraph's number and a character of it."""

    number: int
    offset: int


class _Placed(NamedTuple):
    annotation: Annotation
    start: _Edge
    end: _Edge
    note: str


def annotate(content: bytes, annotations: Sequence[Annotation]) -> bytes:
    """The file with the comments added; raises as annotate_into."""
    out = io.BytesIO()
    annotate_into(out, content, annotations)
    return out.getvalue()


def annotate_into(out: IO[bytes], content: bytes, annotations: Sequence[Annotation]) -> None:
    """Write the file with the comments added. Word takes none in notes, headers and footers: such a comment sits on the note's
    reference or on the first paragraph and quotes its words.

    Raises UnknownTargetError for a target that is not in the file, and children of ExtractionError for a file that cannot be read.
    """
    if not annotations:
        out.write(content)
        return
    package = WordPackage(content)
    root = package.xml(package.main_name)
    body = _Body(package, root)
    placed = [body.place(annotation) for annotation in annotations]
    body.cut(placed)
    comments = CommentsPart(package, body=root)
    for one in placed:
        body.mark(one, comments.add(one.annotation, note=one.note))
    changed = {package.main_name: serialized(root), **comments.changed_parts()}
    rewrite(out, content, archive=package.archive, replaced=changed)


class _Body:
    """The main part while it is being marked."""

    def __init__(self, package: WordPackage, root: etree._Element) -> None:
        self._package = package
        self._root = root
        self._paragraphs = paragraphs_of(root)
        self._number_of = {paragraph: number for number, paragraph in enumerate(self._paragraphs)}
        self._space = W_STRICT if root.tag.startswith(f"{{{W_STRICT}}}") else W
        self._atoms: dict[int, Sequence[Atom]] = {}

    def place(self, annotation: Annotation) -> _Placed:
        """Where the comment's two ends stand in the body."""
        if not annotation.targets:
            raise UnknownTargetError
        in_body = [target for target in annotation.targets if split_path(target.path)[0] == BODY]
        if not in_body:
            return self._placed_elsewhere(annotation)
        first, last = in_body[0], in_body[-1]
        return _Placed(annotation, self._edge(first, first.start), self._edge(last, last.end), "")

    def cut(self, placed: Sequence[_Placed]) -> None:
        """Cut the runs at every end of every comment."""
        offsets: defaultdict[int, set[int]] = defaultdict(set)
        for one in placed:
            offsets[one.start.number].add(one.start.offset)
            offsets[one.end.number].add(one.end.offset)
        for number, own in offsets.items():
            self._atoms[number] = cut_paragraph(self._paragraphs[number], own)

    def mark(self, placed: _Placed, comment_id: str) -> None:
        """Put the range and the reference of one comment."""
        start, end, reference = self._element("commentRangeStart"), self._element("commentRangeEnd"), self._element("r")
        mark = etree.SubElement(reference, self._w("commentReference"))
        for element in (start, end, mark):
            element.set(self._w("id"), comment_id)
        first = self._host_at(placed.start, is_end=False)
        last = self._host_at(placed.end, is_end=True)
        if first is not None:
            first.addprevious(start)
        else:
            self._put_first(placed.start.number, start)
        if last is not None:
            last.addnext(end)
        elif first is None:
            start.addnext(end)
        else:
            self._put_last(placed.end.number, end)
        _outermost(end).addnext(reference)

    def _edge(self, target: Target, offset: int | None) -> _Edge:
        number = split_path(target.path)[1]
        if not 0 <= number < len(self._paragraphs):
            raise UnknownTargetError(target.path)
        length = len(read_paragraph(self._paragraphs[number]).text)
        offset = length if offset is None else offset
        if not 0 <= offset <= length:
            raise UnknownTargetError(target.path)
        return _Edge(number, offset)

    def _host_at(self, edge: _Edge, *, is_end: bool) -> etree._Element | None:
        atoms = self._atoms[edge.number]
        if is_end:
            return next((atom.host for atom in reversed(atoms) if atom.start < edge.offset), None)
        return next((atom.host for atom in atoms if atom.end > edge.offset), None)

    def _put_first(self, number: int, element: etree._Element) -> None:
        paragraph = self._paragraphs[number]
        at = 1 if len(paragraph) and NAME_OF.get(paragraph[0].tag) == "pPr" else 0
        paragraph.insert(at, element)

    def _put_last(self, number: int, element: etree._Element) -> None:
        self._paragraphs[number].append(element)

    def _placed_elsewhere(self, annotation: Annotation) -> _Placed:
        target = annotation.targets[0]
        key = split_path(target.path)[0]
        words = self._words_of(target)
        where = _NOTE_NAMES.get(key) or ("header" if key.startswith("header") else "footer")
        note = f"About “{words}” in the {where}:" if words else f"About the {where}:"
        number = self._reference_number(target, key) if key in _NOTE_ROLES else None
        if number is None:
            number = next((at for at, one in enumerate(self._paragraphs) if read_paragraph(one).text.strip()), 0)
            if not self._paragraphs:
                raise UnknownTargetError(target.path)
            text = read_paragraph(self._paragraphs[number]).text
            return _Placed(annotation, _Edge(number, 0), _Edge(number, len(text)), note)
        start, end = self._around_reference(number, self._note_id(target, key), key)
        return _Placed(annotation, _Edge(number, start), _Edge(number, end), note)

    def _words_of(self, target: Target) -> str:
        paragraph = self._foreign_paragraph(target)
        return " ".join(read_paragraph(paragraph).text[target.start : target.end].split())[:_LONGEST_QUOTE]

    def _foreign_paragraph(self, target: Target) -> etree._Element:
        key, number = split_path(target.path)
        name = self._package.related(key) if key in _NOTE_ROLES else key.partition(":")[2]
        if not name or name not in self._package.names:
            raise UnknownTargetError(target.path)
        paragraphs = paragraphs_of(self._package.xml(name))
        if not 0 <= number < len(paragraphs):
            raise UnknownTargetError(target.path)
        return paragraphs[number]

    def _note_id(self, target: Target, key: str) -> str:
        for ancestor in self._foreign_paragraph(target).iterancestors():
            if NAME_OF.get(ancestor.tag) == _NOTE_NAMES[key]:
                return attribute(ancestor, "id") or ""
        return ""

    def _reference_number(self, target: Target, key: str) -> int | None:
        note_id = self._note_id(target, key)
        for reference in self._root.iter(self._w(_NOTE_ROLES[key])):
            if attribute(reference, "id") == note_id:
                for ancestor in reference.iterancestors():
                    if ancestor in self._number_of:
                        return self._number_of[ancestor]
        return None

    def _around_reference(self, number: int, note_id: str, key: str) -> tuple[int, int]:
        """Characters of the word that the reference hangs on."""
        paragraph = self._paragraphs[number]
        read = read_paragraph(paragraph)
        reference = next(one for one in paragraph.iter(self._w(_NOTE_ROLES[key])) if attribute(one, "id") == note_id)
        order = {element: at for at, element in enumerate(paragraph.iter())}
        before = [atom for atom in read.atoms if order[atom.element] < order[reference]]
        end = before[-1].end if before else 0
        start = len(read.text[:end].rstrip())
        while start and not read.text[start - 1].isspace():
            start -= 1
        return start, end

    def _element(self, name: str) -> etree._Element:
        return self._root.makeelement(self._w(name), nsmap={"w": self._space})

    def _w(self, name: str) -> str:
        return f"{{{self._space}}}{name}"


def _outermost(element: etree._Element) -> etree._Element:
    """The ancestor (or itself) that is a child of the paragraph: a reference inside an insertion would go when that is rejected."""
    current = element
    for ancestor in element.iterancestors():
        if NAME_OF.get(ancestor.tag) == "p":
            return current
        current = ancestor
    return element
