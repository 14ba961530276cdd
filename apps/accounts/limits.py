"""How often an account may be tried: counters in the shared cache, in this process's memory when the cache is gone."""

import hashlib
import ipaddress
import logging
import threading
import time
from dataclasses import dataclass

from django.core.cache import cache
from redis.exceptions import RedisError

from apps.accounts.errors import TooManyAttemptsError
from apps.kernel.tenancy.cache_keys import tenant_key

WINDOW_S = 15 * 60
ATTEMPTS_AN_ACCOUNT = 10
ATTEMPTS_A_NETWORK = 50
ATTEMPTS_A_CODE = 5
"""A code of six digits is guessed sooner than a password: the sixth try in the window is refused."""
_MOST_LOCAL_COUNTERS = 10_000

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try: of which deed, on which account ("" for none), from which address. Neither is stored in clear.

    `most` is how often the account may be tried in the window.
    """

    deed: str
    account: str
    address: str
    most: int = ATTEMPTS_AN_ACCOUNT

    def counters(self) -> list[tuple[str, int]]:
        """Key and most tries in the window: of the network, and of the account if there is one."""
        network = _digest(network_of(self.address))
        counters = [(tenant_key(self.deed, "network", network), ATTEMPTS_A_NETWORK)]
        if self.account:
            counters.append((tenant_key(self.deed, "account", _digest(self.account)), self.most))
        return counters


@dataclass(frozen=True, slots=True)
class Failures:
    """How many tries in the window came to nothing before this one."""

    on_network: int = 0
    on_account: int = 0


def begin_attempt(attempt: Attempt) -> Failures:
    """Count the try before it is made, so that parallel ones cannot pass together; TooManyAttemptsError beyond the limit."""
    counts = [(_increase(key), most) for key, most in attempt.counters()]
    if any(count > most for count, most in counts):
        raise TooManyAttemptsError(retry_after_s=WINDOW_S)
    return Failures(*(count - 1 for count, _most in counts))


def forgive_attempt(attempt: Attempt) -> None:
    """The try was good: the account starts anew, and the network is not blamed for it."""
    (network_key, _), *account = attempt.counters()
    _decrease(network_key)
    for account_key, _most in account:
        _forget(account_key)


def network_of(address: str) -> str:
    """The /24 or /64 of an address, which is what one attacker commonly owns; "" when it is none."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    mapped = getattr(parsed, "ipv4_mapped", None) or parsed
    bits = 24 if mapped.version == 4 else 64
    return str(ipaddress.ip_network(f"{mapped}/{bits}", strict=False))


class LocalCounters:
    """Counters of this process, each with an end; bounded, so that spraying cannot fill the memory."""

    def __init__(self, window_s: int) -> None:
        self._window_s = window_s
        self._lock = threading.Lock()
        self._counters: dict[str, tuple[int, float]] = {}

    def add(self, key: str, step: int) -> int:
        """The counter after the step; a new one starts at nought and ends with the window."""
        with self._lock:
            at_s = time.monotonic()
            count, ends_at_s = self._counters.get(key, (0, 0.0))
            if ends_at_s <= at_s:
                count, ends_at_s = 0, at_s + self._window_s
                self._make_room(at_s)
            self._counters[key] = (max(0, count + step), ends_at_s)
            return self._counters[key][0]

    def forget(self, key: str) -> None:
        """Drop a counter."""
        with self._lock:
            self._counters.pop(key, None)

    def _make_room(self, at_s: float) -> None:
        if len(self._counters) < _MOST_LOCAL_COUNTERS:
            return
        self._counters = {key: value for key, value in self._counters.items() if value[1] > at_s}
        while len(self._counters) >= _MOST_LOCAL_COUNTERS:
            self._counters.pop(next(iter(self._counters)))


_local = LocalCounters(WINDOW_S)


def _increase(key: str) -> int:
    try:
        cache.add(key, 0, timeout=WINDOW_S)
        return int(cache.incr(key))
    except ValueError:
        # It ended between the two calls: this try is the first of the next window.
        return 1
    except RedisError:
        logger.warning("attempt_counters_local")
        return _local.add(key, 1)


def _decrease(key: str) -> None:
    try:
        cache.decr(key)
    except ValueError:
        return
    except RedisError:
        _local.add(key, -1)


def _forget(key: str) -> None:
    _local.forget(key)
    try:
        cache.delete(key)
    except RedisError:
        logger.warning("attempt_counters_local")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
