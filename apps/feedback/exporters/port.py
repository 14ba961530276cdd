"""What an exporter takes: a review as plain values, so that it needs no database. Pure."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Place:
    """Characters start..end of the file's paragraph at `path`; None is its last one."""

    path: str
    start: int
    end: int | None


@dataclass(frozen=True, slots=True)
class AcceptedItem:
    """One item as it goes into a file; `places` cover exactly the words it is about, in reading order."""

    type: str
    risk: str
    description: str
    suggestion: str
    example: str
    questions: tuple[str, ...]
    points: tuple[tuple[int, str], ...]
    """Numbers with titles."""
    author: str
    initials: str
    at: datetime
    section: str
    """The heading of its section, or "" where it has none."""
    places: tuple[Place, ...]
    """Empty when the section has neither heading nor text in the file."""


@dataclass(frozen=True, slots=True)
class ReviewSnapshot:
    """A review at one moment."""

    document_name: str
    framework_title: str
    items: tuple[AcceptedItem, ...]
