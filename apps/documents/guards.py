"""Who must be asked before a document is deleted. A higher room registers; it is never named here."""

from collections.abc import Callable
from uuid import UUID

Guard = Callable[[UUID], list[str]]
_guards: list[Guard] = []


def register_guard(guard: Guard) -> None:
    """Add one that answers with its objections, in words for people, to deleting a document id."""
    if guard not in _guards:
        _guards.append(guard)


def objections_to_deleting(document_id: UUID) -> list[str]:
    """All objections; an empty list means that the document may go."""
    return [objection for guard in _guards for objection in guard(document_id)]
