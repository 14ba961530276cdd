"""The reviewed Word file: the original with a comment on the exact words of each accepted item."""

import io
from collections.abc import Mapping
from typing import IO

from apps.documents.blocks.port import ExtractedText, FileKind
from apps.documents.extraction.sandbox import annotate_in_sandbox
from apps.documents.word.annotations import Annotation, Target
from apps.documents.word.builder import build_from_text
from apps.documents.word.paths import BODY, split_path
from apps.feedback.exporters.port import AcceptedItem, Place, ReviewSnapshot


def reviewed_word_file(
    snapshot: ReviewSnapshot, *, original: IO[bytes], kind: FileKind, text: ExtractedText
) -> IO[bytes]:
    """The file with a comment for each item; the caller closes it. A .pdf, .txt or .rtf comes back as a new Word file with the
    same text. Raises a child of ExtractionError for an original that cannot be read any more.
    """
    file = original
    paths: dict[str, str] = {}
    if kind != FileKind.DOCX:
        built, paths = build_from_text(text)
        file = io.BytesIO(built)
    first = _first_place(text)
    annotations = [_annotation(item, snapshot, paths=paths, first=first) for item in snapshot.items]
    return annotate_in_sandbox(file, annotations)


def comment_text(item: AcceptedItem, *, framework_title: str) -> str:
    """What the comment says; each line is a paragraph of it."""
    lines = [f"[{item.type.capitalize()} - {item.risk} risk] {item.description}"]
    if not item.places:
        lines.insert(0, f"About the section “{item.section}”:" if item.section else "About a section without text:")
    if item.suggestion:
        lines.append(f"Suggestion: {item.suggestion}")
    if item.example:
        lines.append(f"Example: {item.example}")
    lines += [f"Question: {question}" for question in item.questions]
    if item.points:
        named = "; ".join(f"{number} {title}".rstrip() for number, title in item.points)
        lines.append(f"{framework_title}: {named}")
    return "\n".join(lines)


def _annotation(item: AcceptedItem, snapshot: ReviewSnapshot, *, paths: Mapping[str, str], first: Place) -> Annotation:
    return Annotation(
        targets=tuple(_target(place, paths) for place in item.places or (first,)),
        text=comment_text(item, framework_title=snapshot.framework_title),
        author=item.author,
        initials=item.initials,
        at=item.at,
    )


def _first_place(text: ExtractedText) -> Place:
    """The first paragraph with words, of the body where it has any: where a comment goes that has no place of its own."""
    pieces = [piece for block in text.blocks for piece in block.pieces]
    piece = next((one for one in pieces if split_path(one.path)[0] == BODY), pieces[0])
    return Place(piece.path, piece.offset, piece.offset + piece.end - piece.start)


def _target(place: Place, paths: Mapping[str, str]) -> Target:
    return Target(paths.get(place.path, place.path), place.start, place.end)
