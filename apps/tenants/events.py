"""What the control plane announces, into the organization that it is about."""

from dataclasses import dataclass
from typing import ClassVar

from apps.kernel.events.bus import Event


@dataclass(frozen=True, slots=True)
class OrganizationProvisioned(Event):
    """The organization is ready to be entered; `admin_email` is who shall be its first administrator, or ""."""

    wire_name: ClassVar[str] = "organization.provisioned"
    admin_email: str
