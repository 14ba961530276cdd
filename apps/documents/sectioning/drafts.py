"""What dividing a text gives: sections in reading order that together hold every word."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class SectionKind(StrEnum):
    """What a section is: the writer's own words, or evidence that is read for triggers and never criticised for style."""

    NARRATIVE = "narrative"
    EMAIL = "email"
    LOG = "log"
    APPENDIX = "appendix"


class HeadingTrust(StrEnum):
    """Why a line was taken as a heading, most trusted first."""

    STYLE = "style"
    OUTLINE = "outline"
    NUMBERING = "numbering"
    FORMATTING = "formatting"
    KNOWN_NAME = "known_name"
    NONE = "none"
    """No heading: text before the first one, or a document without any."""


class Span(NamedTuple):
    """section.text[start:end] is the text of the file's paragraph `path` from its character `offset` on."""

    start: int
    end: int
    path: str
    offset: int = 0


@dataclass(frozen=True, slots=True)
class SectionDraft:
    """One section. `text` is its blocks joined by a newline (a list item or table row a line, cells joined by " | "); the heading is not in it."""

    index: int
    heading: str
    heading_path: str
    """Path of the heading's paragraph, "" when there is none; a comment about something missing sits there."""
    level: int
    """1-9; 1 when there is no heading."""
    trust: HeadingTrust
    kind: SectionKind
    text: str
    spans: tuple[Span, ...]
    line_kinds: tuple[str, ...]
    """BlockKind of each line of `text`, so that a page can draw lists and tables. len == text.count("\\n") + 1, or 0 for empty text."""
    title: str = ""
    """The document's title where it stands before this section (the first one only); it is in no section's text or heading."""
