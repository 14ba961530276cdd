"""A model that keeps failing is left alone for a while, by all workers."""

from dataclasses import dataclass

from apps.kernel.llm.shared_cells import Cells, Numbers


@dataclass(frozen=True, slots=True)
class BreakerSettings:
    """When to leave a model alone, and for how long."""

    failures: int = 5
    """Failures in a row that open it."""
    pause_s: float = 30.0
    """First pause; each further one is longer by as much."""
    longest_pause_s: float = 300.0
    trial_s: float = 60.0
    """After a pause one caller tries; the others wait so long for its outcome."""


class Breaker:
    """One state a model: closed (calls go), open (no calls), or on trial (one call goes)."""

    def __init__(self, cells: Cells, settings: BreakerSettings) -> None:
        self._cells = cells
        self._settings = settings

    def seconds_until_usable(self, model: str) -> float:
        """Return 0 when the caller may call now (and is the trial, after a pause), else the seconds to wait."""

        def step(state: Numbers, now: float) -> float:
            left_alone_until = state.get("left_alone_until", 0.0)
            if left_alone_until > now:
                return left_alone_until - now
            if left_alone_until:
                state["left_alone_until"] = now + self._settings.trial_s
            return 0.0

        return self._cells.change(f"breaker:{model}", step)

    def record_failure(self, model: str) -> None:
        """Count a failure; open after enough in a row, at once after a failed trial."""

        def step(state: Numbers, now: float) -> float:
            state["failures"] = state.get("failures", 0.0) + 1
            if state["failures"] >= self._settings.failures:
                state["pauses"] = state.get("pauses", 0.0) + 1
                pause_s = min(self._settings.pause_s * state["pauses"], self._settings.longest_pause_s)
                state["left_alone_until"] = now + pause_s
            return 0.0

        self._cells.change(f"breaker:{model}", step)

    def record_success(self, model: str) -> None:
        """Close it and forget the failures."""

        def step(state: Numbers, now: float) -> float:
            state.clear()
            return 0.0

        self._cells.change(f"breaker:{model}", step)
