"""The end of a call, counted over everything that it does: a server that sends one byte a second does not move it."""

import time
from collections.abc import Callable
from typing import Any

from apps.kernel.outbound.errors import OutboundTimeoutError


class Deadline:
    """So many seconds from now."""

    def __init__(self, seconds: float, *, clock: "Callable[[], Any]" = time.monotonic) -> None:
        self._clock = clock
        self._end = clock() + seconds

    def left_s(self) -> float:
        """What is left, in seconds; OutboundTimeoutError when nothing is."""
        left: float = self._end - self._clock()
        if left <= 0:
            raise OutboundTimeoutError
        return left
