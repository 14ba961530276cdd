"""Reads a .docx: every word in reading order as blocks.

Footnotes and endnotes stand right after the block that refers to them, headers once at the start, footers once at the end.
Empty paragraphs give no block. A line break begins a new block of the same paragraph, except in a heading and in a table.
"""

from collections import Counter

from lxml import etree

from apps.documents.blocks.errors import NoTextError
from apps.documents.blocks.port import BlockKind, ExtractedText, FileKind, Notice
from apps.documents.word.blocks import BlockWriter
from apps.documents.word.names import NAME_OF, R_STRICT, VANISH_TAGS, W_STRICT, R, W, attribute, child, is_on
from apps.documents.word.numbering import Numbering
from apps.documents.word.package import WordPackage
from apps.documents.word.paths import BODY, ENDNOTES, FOOTNOTES
from apps.documents.word.styles import Style, read_styles
from apps.documents.word.tree import Note, PartWalk

_NOTE_PARTS = (FOOTNOTES, ENDNOTES)


def read_word(content: bytes) -> ExtractedText:
    """The text of a .docx; raises a child of ExtractionError."""
    package = WordPackage(content)
    styles: tuple[dict[str, Style], str] = ({}, "")
    styles_name, numbering_name = package.related("styles"), package.related("numbering")
    if styles_name:
        styles = read_styles(package.xml(styles_name))
    numbering = Numbering(package.xml(numbering_name) if numbering_name else None)
    writer = BlockWriter(styles=styles[0], default_style=styles[1], numbering=numbering)
    root = package.xml(package.main_name)
    headers, footers = _margins(package, root)
    for name in headers:
        _write_margin(package, name, writer=writer, kind=BlockKind.HEADER)
    notes = {key: _notes(package, key, writer) for key in _NOTE_PARTS}
    main = child(root, "body")
    if main is not None:
        PartWalk(root, key=BODY, writer=writer, notes=notes).walk(main)
    for name in footers:
        _write_margin(package, name, writer=writer, kind=BlockKind.FOOTER)
    if not writer.blocks:
        raise NoTextError
    writer.counts["hidden_text"] = sum(1 for one in root.iter(*VANISH_TAGS) if _hides_text(one))
    return ExtractedText(
        kind=FileKind.DOCX,
        blocks=tuple(writer.blocks),
        notices=_notices(writer.counts),
        foreign_comment_count=_comment_count(package),
    )


def _hides_text(vanish: etree._Element) -> bool:
    """In a run's properties; a paragraph mark may be hidden too, which hides no text."""
    properties = vanish.getparent()
    run = properties.getparent() if properties is not None else None
    return run is not None and NAME_OF.get(run.tag) == "r" and bool(is_on(vanish))


def _notes(package: WordPackage, key: str, writer: BlockWriter) -> dict[str, Note]:
    name = package.related(key)
    if name is None:
        return {}
    root = package.xml(name)
    walk = PartWalk(root, key=key, writer=writer, notes={}, kind=BlockKind.FOOTNOTE)
    return {attribute(note, "id") or "": Note(walk, note) for note in root if isinstance(note.tag, str)}


def _margins(package: WordPackage, root: etree._Element) -> tuple[list[str], list[str]]:
    name_of = {relation.id: relation.name for relation in package.relations}
    found: dict[str, list[str]] = {"headerReference": [], "footerReference": []}
    for local, names in found.items():
        for reference in root.iter(f"{{{W}}}{local}", f"{{{W_STRICT}}}{local}"):
            name = name_of.get(reference.get(f"{{{R}}}id") or reference.get(f"{{{R_STRICT}}}id") or "")
            if name and name in package.names and name not in names:
                names.append(name)
    return found["headerReference"], found["footerReference"]


def _write_margin(package: WordPackage, name: str, *, writer: BlockWriter, kind: BlockKind) -> None:
    root = package.xml(name)
    before = {block.text for block in writer.blocks if block.kind is kind}
    mark = len(writer.blocks)
    PartWalk(root, key=f"{kind.value}:{name}", writer=writer, notes={}, kind=kind).walk(root)
    # First-page and even-page variants mostly repeat the same words.
    writer.forget_repeats(mark, before)


def _comment_count(package: WordPackage) -> int:
    name = package.related("comments")
    if name is None:
        return 0
    return sum(1 for _ in package.xml(name).iter(f"{{{W}}}comment", f"{{{W_STRICT}}}comment"))


def _notices(counts: Counter[str]) -> tuple[Notice, ...]:
    return tuple(Notice(code, count) for code, count in sorted(counts.items()) if count)
