"""What is written into a Word file: comments on exact words."""

from datetime import datetime
from typing import NamedTuple


class Target(NamedTuple):
    """Characters start..end (exclusive) of the paragraph at `path`, counted as the reader counts them; None is its last one."""

    path: str
    start: int
    end: int | None


class Annotation(NamedTuple):
    """One comment. `targets` are in reading order; the comment runs from the first's start to the last's end."""

    targets: tuple[Target, ...]
    text: str
    """Plain text; a newline starts a new paragraph of the comment."""
    author: str
    initials: str
    at: datetime
    """Aware, UTC."""
