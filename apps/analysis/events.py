"""What this room announces."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from apps.kernel.events.bus import Event


@dataclass(frozen=True, slots=True)
class RunFinished(Event):
    """Every engine has said what it could; the scorecard is complete."""

    wire_name: ClassVar[str] = "analysis.finished"
    run_id: UUID
    document_id: UUID
    finding_count: int
    gap_count: int
