"""The reviewed Word file: the original with a comment on the exact words of each accepted item."""

from apps.documents.blocks.port import ExtractedText, FileKind
from apps.documents.word.annotations import Annotation, Target
from apps.documents.word.annotator import annotate
from apps.documents.word.builder import build_from_text
from apps.feedback.exporters.port import AcceptedItem, Place, ReviewSnapshot


def reviewed_word_file(snapshot: ReviewSnapshot, *, original: bytes, kind: FileKind, text: ExtractedText) -> bytes:
    """The file's bytes. A .pdf, .txt or .rtf comes back as a new Word file with the same text."""
    if kind == FileKind.DOCX:
        return annotate(original, [_annotation(item, {}) for item in snapshot.items if item.places])
    built, paths = build_from_text(text)
    return annotate(built, [_annotation(item, paths) for item in snapshot.items if item.places])


def comment_text(item: AcceptedItem) -> str:
    """What the comment says; each line is a paragraph of it."""
    lines = [f"[{item.type.capitalize()} - {item.risk} risk] {item.description}"]
    if item.suggestion:
        lines.append(f"Suggestion: {item.suggestion}")
    if item.example:
        lines.append(f"Example: {item.example}")
    lines += [f"Question: {question}" for question in item.questions]
    if item.points:
        lines.append("Hawkeye " + "; ".join(f"{number} {title}" for number, title in item.points))
    return "\n".join(lines)


def _annotation(item: AcceptedItem, paths: dict[str, str]) -> Annotation:
    targets = tuple(_target(place, paths) for place in item.places)
    return Annotation(targets=targets, text=comment_text(item), author=item.author, initials=item.initials, at=item.at)


def _target(place: Place, paths: dict[str, str]) -> Target:
    return Target(paths.get(place.path, place.path), place.start, place.end)
