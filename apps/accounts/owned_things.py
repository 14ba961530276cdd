"""What a person can own and a colleague can take over. A higher room registers its kinds; none is named here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Count = Callable[[Any], int]
"""Of a person: how many things of this kind are theirs now."""

HandOver = Callable[[Any, Any, Any], int]
"""Of who does it, the person and the heir: how many things have changed hands; all of them, in the caller's transaction, or a DomainError."""


@dataclass(frozen=True, slots=True)
class OwnedKind:
    """One kind of thing. `label` names it in the plural, `fate` says what becomes of it when its owner leaves.

    Without `hand_over` nobody can take it over.
    """

    name: str
    label: Any
    fate: Any
    order: int
    count: Count
    hand_over: HandOver | None = None


_kinds: dict[str, OwnedKind] = {}


def register_owned(kind: OwnedKind) -> None:
    """Make a kind known; called from an app's ready()."""
    _kinds[kind.name] = kind


def owned_kinds() -> list[OwnedKind]:
    """All kinds, in their order."""
    return sorted(_kinds.values(), key=lambda kind: (kind.order, kind.name))
