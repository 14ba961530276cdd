"""Requests and tokens a minute for each model, counted over all workers (a token bucket)."""

from dataclasses import dataclass

from apps.kernel.llm.shared_cells import Cells, Numbers

BURST_S = 10.0
"""How many seconds' worth of quota may be used at once."""


@dataclass(frozen=True, slots=True)
class Quota:
    """What a model may be asked in a minute; 0 is no limit of our own."""

    requests_per_minute: int = 0
    tokens_per_minute: int = 0


class Throttle:
    """Turns for calls. A provider's "too many" pauses the model for everybody, so that one refusal does not become fifty."""

    def __init__(self, cells: Cells, quota: Quota) -> None:
        self._cells = cells
        self._quota = quota

    def seconds_until_turn(self, model: str, *, tokens: int) -> float:
        """Take a turn and return 0, or return the seconds after which to ask again; nothing is taken then."""

        def step(bucket: Numbers, now: float) -> float:
            if bucket.get("paused_until", 0.0) > now:
                return bucket["paused_until"] - now
            passed = max(0.0, now - bucket.get("at", now))
            bucket["at"] = now
            wait = max(
                _missing_s(bucket, "requests", need=1.0, per_minute=self._quota.requests_per_minute, passed=passed),
                _missing_s(bucket, "tokens", need=tokens, per_minute=self._quota.tokens_per_minute, passed=passed),
            )
            if not wait:
                _take(bucket, "requests", need=1.0, per_minute=self._quota.requests_per_minute)
                _take(bucket, "tokens", need=tokens, per_minute=self._quota.tokens_per_minute)
            return wait

        return self._cells.change(f"turns:{model}", step)

    def pause(self, model: str, *, seconds: float) -> None:
        """Let nobody call this model for so long; a longer pause already set stays."""

        def step(bucket: Numbers, now: float) -> float:
            bucket["paused_until"] = max(bucket.get("paused_until", 0.0), now + seconds)
            return 0.0

        self._cells.change(f"turns:{model}", step)


def _capacity(per_minute: int) -> float:
    return max(1.0, per_minute * BURST_S / 60)


def _missing_s(bucket: Numbers, what: str, *, need: float, per_minute: int, passed: float) -> float:
    """Refill and return the seconds until `need` is there. A need beyond the bucket's size waits for a full one."""
    if not per_minute:
        return 0.0
    capacity = _capacity(per_minute)
    bucket[what] = min(capacity, bucket.get(what, capacity) + passed * per_minute / 60)
    return max(0.0, (min(need, capacity) - bucket[what]) * 60 / per_minute)


def _take(bucket: Numbers, what: str, *, need: float, per_minute: int) -> None:
    if per_minute:
        # May go below zero: a large request is paid for by those after it.
        bucket[what] -= need
