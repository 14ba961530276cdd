"""Cuts quoted mail and raw logs out of a narrative section, so that neither steals the other's words."""

from collections.abc import Sequence
from itertools import groupby

from apps.documents.blocks.port import Block, BlockKind
from apps.documents.sectioning.drafts import SectionKind
from apps.documents.sectioning.kinds import is_log_line, is_mail_header, is_mail_start, is_quoted_line

_FEWEST_LOG_LINES = 3
# Looking a member up in its class takes longer than comparing it.
_NARRATIVE, _PARAGRAPH, _TEXT_BOX = SectionKind.NARRATIVE, BlockKind.PARAGRAPH, BlockKind.TEXT_BOX


def split_evidence(blocks: Sequence[Block]) -> list[tuple[SectionKind, list[Block]]]:
    """The blocks in order, in runs of one kind; the first run is narrative (it may be empty, it carries the heading).

    A mail inside a narrative is its header lines, its quoted lines, and the lines that the file's own formatting marks as
    quoted, and otherwise one paragraph after the header: an unmarked line after that is the writer's again.
    A log is three or more machine lines in a row.
    """
    marks = evidence_marks(blocks)
    if marks.count(_NARRATIVE) == len(marks):
        return [(_NARRATIVE, list(blocks))]
    parts: list[tuple[SectionKind, list[Block]]] = []
    for kind, run in groupby(zip(marks, blocks, strict=True), key=lambda pair: pair[0]):
        parts.append((kind, [block for _, block in run]))
    if parts[0][0] is not _NARRATIVE:
        parts.insert(0, (_NARRATIVE, []))
    return parts


def evidence_marks(blocks: Sequence[Block]) -> list[SectionKind]:
    """For each block, whether it is narrative, quoted mail or part of a log."""
    marks = [_NARRATIVE] * len(blocks)
    is_in_mail = False
    needs_body = False
    for index, block in enumerate(blocks):
        text, kind = block.text, block.kind
        is_plain = kind is _PARAGRAPH or kind is _TEXT_BOX
        if is_plain and is_mail_start(text, blocks[index + 1].text if index + 1 < len(blocks) else ""):
            is_in_mail = needs_body = True
        elif is_in_mail and not (is_mail_header(text) or is_quoted_line(text) or block.is_quoted):
            is_in_mail, needs_body = needs_body, False
        if is_in_mail or (is_plain and is_quoted_line(text)):
            marks[index] = SectionKind.EMAIL
    _mark_logs(blocks, marks)
    return marks


def _mark_logs(blocks: Sequence[Block], marks: list[SectionKind]) -> None:
    lines = [block.kind is _PARAGRAPH and is_log_line(block.text) for block in blocks]
    start = 0
    for is_log, run in groupby(lines):
        end = start + sum(1 for _ in run)
        if is_log and end - start >= _FEWEST_LOG_LINES:
            marks[start:end] = [SectionKind.LOG] * (end - start)
        start = end
