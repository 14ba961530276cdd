"""The register of stages, and what a stage is given when it runs."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from apps.kernel.jobs.errors import StageUnknownError


class StageContext(Protocol):
    """What a stage function may do besides its own work."""

    @property
    def job_id(self) -> UUID:
        """The job this stage belongs to."""
        ...

    @property
    def subject_id(self) -> UUID:
        """The thing the job is about."""
        ...

    @property
    def requested_by(self) -> UUID | None:
        """Who asked for it; None for the system."""
        ...

    def report(self, done: int, total: int, note: str = "") -> None:
        """Show progress and keep the lease. Raises StageStoppedError or StaleLeaseError: let them pass."""
        ...

    def stop_if_cancelled(self) -> None:
        """StageStoppedError when it is to end here: cancelled, suspended, or its worker is leaving.

        StaleLeaseError when another worker has taken over. Ask before each costly step.
        """
        ...

    def fenced(self) -> AbstractContextManager[None]:
        """A transaction that only the present holder of the lease can commit, in an open organization: write a stage's results inside it."""
        ...


StageFunction = Callable[[StageContext], None]


@dataclass(frozen=True, slots=True)
class StageDefinition:
    """A stage as registered: what runs, on which queue, for how long at most."""

    name: str
    queue: str
    time_limit_s: int
    run: StageFunction


_stages: dict[str, StageDefinition] = {}


def stage(name: str, *, queue: str, time_limit_s: int) -> Callable[[StageFunction], StageFunction]:
    """Register the decorated function as a stage. It takes ids, reads what it needs anew, and may be run twice."""

    def register(function: StageFunction) -> StageFunction:
        _stages[name] = StageDefinition(name=name, queue=queue, time_limit_s=time_limit_s, run=function)
        return function

    return register


def stage_definition(name: str) -> StageDefinition:
    """The registered stage; StageUnknownError when no loaded room has it."""
    try:
        return _stages[name]
    except KeyError as error:
        raise StageUnknownError(stage=name) from error


def known_stages() -> dict[str, StageDefinition]:
    """All registered stages by name."""
    return dict(sorted(_stages.items()))
