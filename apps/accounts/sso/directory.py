"""What a provider's directory says: every dialect of SCIM ends here, before a deed is done."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any
from uuid import UUID

_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class PersonSaid:
    """One person as the directory wants them to be. Empty texts say nothing."""

    user_name: str
    email: str
    name: str
    external_id: str = ""
    is_active: bool | None = None
    """None: what holds now shall go on."""
    attributes: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    """What is kept only to be told back: names and addresses in the directory's own words."""


@dataclass(frozen=True, slots=True)
class GroupSaid:
    """One group as the directory wants it to be; members are our people's ids."""

    display_name: str
    external_id: str = ""
    members: frozenset[UUID] = frozenset()
