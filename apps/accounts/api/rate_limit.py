"""How many calls a caller may make in a minute: counted in Valkey for all processes, in this one's memory when Valkey is gone."""

import logging
import time
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rest_framework.request import Request

from apps.accounts.limits import LocalCounters, network_of
from apps.accounts.models import ApiKey, SCIMAccess
from apps.kernel.http.protocol_errors import TooManyCallsError
from apps.kernel.tenancy.cache_keys import tenant_key

WINDOW_S = 60
_GRACE_S = 5
_REST_S = 5.0

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of a caller's calls in this window."""

    policy: str
    most: int
    used: int
    ends_in_s: int

    @property
    def is_spent(self) -> bool:
        """Whether this call is one too many."""
        return self.used > self.most

    def headers(self) -> dict[str, str]:
        """RateLimit and RateLimit-Policy as the IETF draft has them (draft-ietf-httpapi-ratelimit-headers)."""
        left = max(0, self.most - self.used)
        return {
            "RateLimit-Policy": f'"{self.policy}";q={self.most};w={WINDOW_S}',
            "RateLimit": f'"{self.policy}";r={left};t={self.ends_in_s}',
        }


class _SharedCounters:
    """Counters in Valkey; after a failure this process counts alone for some seconds, so that nobody waits for a dead server."""

    def __init__(self) -> None:
        self._local = LocalCounters(WINDOW_S)
        self._resting_until_s = 0.0

    def count(self, key: str) -> int:
        """The number of this call in its window."""
        if time.monotonic() >= self._resting_until_s:
            try:
                return _counted(_client(settings.VALKEY_URL), key)
            except RedisError:
                self._resting_until_s = time.monotonic() + _REST_S
                logger.warning("rate_limits_local")
        return self._local.add(key, 1)

    def forget_fault(self) -> None:
        """Ask Valkey again from the next call on."""
        self._resting_until_s = 0.0


counters = _SharedCounters()


def count_call(request: Request, *, starts_run: bool = False) -> Allowance:
    """Count this call of a person, a key or a network, and return what is left; calls that start a run have a bucket of their own."""
    policy, most = ("runs", settings.API_RUNS_PER_MINUTE) if starts_run else ("calls", settings.API_CALLS_PER_MINUTE)
    at_s = time.time()
    window = int(at_s // WINDOW_S)
    prefix = settings.CACHES["default"].get("KEY_PREFIX", "")
    key = f"{prefix}:{tenant_key('rate', policy, _caller(request), window)}"
    return Allowance(policy, most, used=counters.count(key), ends_in_s=WINDOW_S - int(at_s % WINDOW_S))


def refuse_when_spent(allowance: Allowance) -> None:
    """TooManyCallsError when the allowance is used up."""
    if allowance.is_spent:
        raise TooManyCallsError(retry_after_s=allowance.ends_in_s)


def _caller(request: Request) -> str:
    """A key or a directory's token counts for itself, a session for its person; whoever is nobody counts for a network."""
    if isinstance(request.auth, ApiKey):
        return f"key:{request.auth.pk}"
    if isinstance(request.auth, SCIMAccess):
        return f"scim:{request.auth.pk}"
    if request.user.is_authenticated:
        return f"person:{request.user.pk}"
    return f"network:{network_of(request.META.get('REMOTE_ADDR', ''))}"


def _counted(client: Redis, key: str) -> int:
    """The first call of a window sets its end: one round trip for all others."""
    used = int(client.incr(key))
    if used == 1:
        client.expire(key, WINDOW_S + _GRACE_S)
    return used


@lru_cache(maxsize=4)
def _client(url: str) -> Redis:
    # Half a second and no second try: a call must not wait for a counter.
    return Redis.from_url(url, socket_connect_timeout=0.5, socket_timeout=0.5, retry=Retry(NoBackoff(), 0))
