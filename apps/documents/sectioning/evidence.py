"""Cuts quoted mail and raw logs out of a narrative section, so that neither steals the other's words."""

from collections.abc import Sequence
from itertools import groupby

from apps.documents.blocks.port import Block, BlockKind
from apps.documents.sectioning.drafts import SectionKind
from apps.documents.sectioning.kinds import is_log_line, is_mail_header, is_mail_start, is_quoted_line

_FEWEST_LOG_LINES = 3


def split_evidence(blocks: Sequence[Block]) -> list[tuple[SectionKind, list[Block]]]:
    """The blocks in order, in runs of one kind; the first run is narrative (it may be empty, it carries the heading).

    A mail inside a narrative is its header lines, its quoted lines, and the lines that the file's own formatting marks as
    quoted, and otherwise one paragraph after the header: an unmarked line after that is the writer's again.
    A log is three or more machine lines in a row.
    """
    marks = evidence_marks(blocks)
    parts: list[tuple[SectionKind, list[Block]]] = []
    for kind, run in groupby(zip(marks, blocks, strict=True), key=lambda pair: pair[0]):
        parts.append((kind, [block for _, block in run]))
    if not parts or parts[0][0] is not SectionKind.NARRATIVE:
        parts.insert(0, (SectionKind.NARRATIVE, []))
    return parts


def evidence_marks(blocks: Sequence[Block]) -> list[SectionKind]:
    """For each block, whether it is narrative, quoted mail or part of a log."""
    marks = [SectionKind.NARRATIVE] * len(blocks)
    is_in_mail = False
    needs_body = False
    for index, block in enumerate(blocks):
        following = blocks[index + 1].text if index + 1 < len(blocks) else ""
        is_plain = block.kind in {BlockKind.PARAGRAPH, BlockKind.TEXT_BOX}
        if is_plain and is_mail_start(block.text, following):
            is_in_mail = needs_body = True
        elif is_in_mail and not (is_mail_header(block.text) or is_quoted_line(block.text) or block.is_quoted):
            is_in_mail, needs_body = needs_body, False
        if is_in_mail or (is_plain and is_quoted_line(block.text)):
            marks[index] = SectionKind.EMAIL
    _mark_logs(blocks, marks)
    return marks


def _mark_logs(blocks: Sequence[Block], marks: list[SectionKind]) -> None:
    start = 0
    while start < len(blocks):
        end = start
        while end < len(blocks) and blocks[end].kind is BlockKind.PARAGRAPH and is_log_line(blocks[end].text):
            end += 1
        if end - start >= _FEWEST_LOG_LINES:
            marks[start:end] = [SectionKind.LOG] * (end - start)
        start = max(end, start + 1)
