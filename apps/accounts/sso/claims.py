"""What an identity provider says about somebody: every protocol ends here, after its own checks have passed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

_NOTHING: Mapping[str, tuple[str, ...]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Claims:
    """One person as the provider knows them. Nothing here is trusted beyond what `admit_from_sso` makes of it."""

    subject: str
    """What the provider never gives to somebody else: NameID, `sub`, entry UUID. The only thing that identifies."""
    email: str = ""
    name: str = ""
    groups: frozenset[str] = frozenset()
    is_email_disowned: bool = False
    """The provider itself says that the address is not verified; no account is found by it then."""
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _NOTHING)
    """Everything that was sent, by name, for the page that tests a connection."""
