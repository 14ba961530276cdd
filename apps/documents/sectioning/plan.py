"""Divides a text into sections, in one pass and without losing a word."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial

from apps.documents.blocks.port import Block, BlockKind, ExtractedText, FileKind
from apps.documents.sectioning.drafts import HeadingTrust, SectionDraft, SectionKind, Span
from apps.documents.sectioning.evidence import evidence_marks, split_evidence
from apps.documents.sectioning.headings import Heading, heading_of, stands_alone
from apps.documents.sectioning.kinds import kind_of

_MARGINS = frozenset({BlockKind.HEADER, BlockKind.FOOTER})
_FOOTNOTE = BlockKind.FOOTNOTE
_NO_HEADING = Heading(1, HeadingTrust.NONE)
_TITLE_STYLES = frozenset({"title", "titel", "titre", "título", "titolo"})
# A span a line: without the call of a constructor in Python.
_new_span = partial(tuple.__new__, Span)


@dataclass(slots=True)
class _Open:
    """A section that is still being filled."""

    heading: Heading
    block: Block | None = None
    blocks: list[Block] = field(default_factory=list)


def divide(text: ExtractedText) -> tuple[SectionDraft, ...]:
    """Sections in reading order.

    Every word of the text is in a section's text or heading, or in the `title` of the first section. Text before the first
    heading is a section without heading; headers and footers are one last section of the kind appendix.
    """
    title, body, margins = _parts(text.blocks)
    drafts: list[SectionDraft] = []
    is_bare = text.kind is not FileKind.DOCX
    for opened in _opened(body, is_numbering_trusted=_numbers_are_headings(body), is_bare=is_bare):
        _close(opened, drafts=drafts)
    if title and not drafts:
        drafts.append(_draft(_Open(_NO_HEADING, title[0]), [], index=0, kind=SectionKind.NARRATIVE))
        title = title[1:]
    if title:
        drafts[0] = _titled(drafts[0], title)
    if margins:
        drafts.append(_draft(_Open(_NO_HEADING), margins, index=len(drafts), kind=SectionKind.APPENDIX))
    return tuple(drafts)


def _parts(blocks: Sequence[Block]) -> tuple[list[Block], list[Block], list[Block]]:
    margins: list[Block] = []
    rest: list[Block] = []
    for block in blocks:
        (margins if block.kind in _MARGINS else rest).append(block)
    count = 0
    while count < len(rest) and is_title(rest[count]):
        count += 1
    return rest[:count], rest[count:], margins


def is_title(block: Block) -> bool:
    """True for a paragraph in the Title style."""
    return _is_title_style(block.hints.style_name)


@lru_cache(maxsize=256)
def _is_title_style(name: str) -> bool:
    return name.lower() in _TITLE_STYLES


def _numbers_are_headings(blocks: Sequence[Block]) -> bool:
    """Typed numbers are headings unless styles already carry the structure: then they number a list."""
    return not any(block.hints.style_level is not None for block in blocks)


def _opened(blocks: Sequence[Block], *, is_numbering_trusted: bool, is_bare: bool) -> list[_Open]:
    current = _Open(_NO_HEADING)
    sections = [current]
    marks = evidence_marks(blocks) if is_bare else []
    for number, block in enumerate(blocks):
        heading = heading_of(block, is_numbering_trusted=is_numbering_trusted)
        if heading is None and is_title(block):
            heading = Heading(1, HeadingTrust.STYLE)
        if heading is None and is_bare and marks[number] is SectionKind.NARRATIVE:
            following = blocks[number + 1] if number + 1 < len(blocks) else None
            heading = Heading(1, HeadingTrust.FORMATTING) if stands_alone(block, following) else None
        if heading is None:
            current.blocks.append(block)
        else:
            current = _Open(heading, block)
            sections.append(current)
    return sections if sections[0].blocks else sections[1:]


def _close(opened: _Open, *, drafts: list[SectionDraft]) -> None:
    heading = opened.block.text if opened.block is not None else ""
    kind = kind_of(heading, opened.blocks)
    if kind is not SectionKind.NARRATIVE:
        drafts.append(_draft(opened, opened.blocks, index=len(drafts), kind=kind))
        return
    for number, (part_kind, blocks) in enumerate(split_evidence(opened.blocks)):
        if number == 0 and not blocks and opened.block is None:
            # The text begins with evidence: there is no narrative before it.
            continue
        part = opened if number == 0 else _Open(Heading(opened.heading.level, HeadingTrust.NONE))
        drafts.append(_draft(part, blocks, index=len(drafts), kind=part_kind))


def _draft(opened: _Open, blocks: Sequence[Block], *, index: int, kind: SectionKind) -> SectionDraft:
    # Notes stand in the middle of the reading; the section's own words stay together when they come last.
    ordered = [block for block in blocks if block.kind is not _FOOTNOTE]
    if len(ordered) < len(blocks):
        ordered += [block for block in blocks if block.kind is _FOOTNOTE]
    spans: list[Span] = []
    at = 0
    for block in ordered:
        for start, end, path, offset in block.pieces:
            spans.append(_new_span((at + start, at + end, path, offset)))
        at += len(block.text) + 1
    head = opened.block
    return SectionDraft(
        index=index,
        heading=_shown_heading(head) if head is not None else "",
        heading_path=head.pieces[0].path if head is not None and head.pieces else "",
        level=opened.heading.level,
        trust=opened.heading.trust,
        kind=kind,
        text="\n".join([block.text for block in ordered]),
        spans=tuple(spans),
        line_kinds=tuple([str(block.kind) for block in ordered]),
    )


def _shown_heading(block: Block) -> str:
    """As Word shows it: with its automatic number, and on one line."""
    text, label = " ".join(block.text.split()), block.hints.number_label
    return f"{label} {text}" if label and not text.startswith(label) else text


def _titled(draft: SectionDraft, title: Sequence[Block]) -> SectionDraft:
    return replace(draft, title=" ".join(block.text for block in title))
