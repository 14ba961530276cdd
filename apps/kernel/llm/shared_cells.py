"""Small named sets of numbers that all workers change together: in Valkey, or in this process when Valkey is gone.

What happens to the numbers is plain Python in throttle.py and breaker.py; a cell only makes one change at a time.
"""

import json
import time
from collections.abc import Callable
from threading import Lock
from typing import Protocol

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

Numbers = dict[str, float]
Step = Callable[[Numbers, float], float]
"""Changes the numbers in place at the given time (epoch seconds) and returns an answer."""

KEEP_S = 86_400
MAX_CLASHES = 50


class Cells(Protocol):
    """Where cells are kept."""

    def change(self, key: str, step: Step) -> float:
        """Apply step to the cell of this key with nobody else in between; return its answer."""
        ...


class LocalCells:
    """Cells of this process alone."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._cells: dict[str, Numbers] = {}
        self._lock = Lock()

    def change(self, key: str, step: Step) -> float:
        """Apply step under a lock."""
        with self._lock:
            return step(self._cells.setdefault(key, {}), self._clock())


class ValkeyCells:
    """Cells shared by every process, on the server's clock. Platform-wide: model quotas belong to the account, not to a tenant."""

    def __init__(self, url: str, *, prefix: str = "llm:") -> None:
        # Half a second, no second try: a model call must not wait for a cache.
        self._client = redis.Redis.from_url(
            url, socket_connect_timeout=0.5, socket_timeout=0.5, retry=Retry(NoBackoff(), 0)
        )
        self._prefix = prefix

    def change(self, key: str, step: Step) -> float:
        """Apply step in an optimistic transaction. Raises redis.RedisError when the server is gone or never free."""
        name = self._prefix + key
        with self._client.pipeline() as pipe:
            for _ in range(MAX_CLASHES):
                try:
                    pipe.watch(name)  # type: ignore[no-untyped-call]
                    stored = pipe.get(name)
                    seconds, micros = pipe.time()
                    numbers: Numbers = json.loads(stored) if stored else {}
                    answer = step(numbers, seconds + micros / 1e6)
                    pipe.multi()
                    pipe.set(name, json.dumps(numbers), ex=KEEP_S)
                    pipe.execute()
                except redis.WatchError:
                    continue
                return answer
        raise redis.RedisError


class FallingBackCells:
    """Shared cells, and local ones for a while after the shared ones failed: limits get looser, work goes on."""

    def __init__(self, shared: Cells, *, local: Cells, rest_s: float = 5.0) -> None:
        self._shared = shared
        self._local = local
        self._rest_s = rest_s
        self._resting_until = 0.0

    def change(self, key: str, step: Step) -> float:
        """Apply step in the shared cell, or in the local one while the shared ones rest."""
        if time.monotonic() >= self._resting_until:
            try:
                return self._shared.change(key, step)
            except redis.RedisError:
                self._resting_until = time.monotonic() + self._rest_s
        return self._local.change(key, step)


def cells_at(url: str) -> Cells:
    """Return shared cells for a Valkey URL with a local fallback; local ones for ""."""
    return FallingBackCells(ValkeyCells(url), local=LocalCells()) if url else LocalCells()
