"""How many calls a caller may make in a minute: counted in Valkey for all processes, in this one's memory when Valkey is gone.

A call counts for its key, its person and its organization, the narrowest first, in one step. Where one of them is used up, the wider
ones are not charged: a program that runs wild uses up its own calls and not everybody's.
"""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from apps.accounts.limits import LocalCounters
from apps.kernel.http.protocol_errors import TooManyCallsError
from apps.kernel.tenancy.cache_keys import tenant_key
from apps.kernel.tenancy.context import current_tenant

WINDOW_S = 60
_GRACE_S = 5
_REST_S = 5.0
# Of each counter its number after this call; from the first that is used up on they are only read.
_COUNT = """
local counts, spent = {}, false
for place, key in ipairs(KEYS) do
  if spent then
    counts[place] = tonumber(redis.call('GET', key) or '0')
  else
    counts[place] = redis.call('INCR', key)
    if counts[place] == 1 then redis.call('EXPIRE', key, ARGV[1]) end
    spent = counts[place] > tonumber(ARGV[place + 1])
  end
end
return counts
"""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Quota:
    """How many calls somebody has in a minute: the policy's name for the caller, whose they are, and how many."""

    policy: str
    whose: str
    most: int


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left in this window, quota by quota."""

    quotas: tuple[Quota, ...]
    used: tuple[int, ...]
    ends_in_s: int

    @property
    def is_spent(self) -> bool:
        """Whether this call is one too many."""
        return any(used > quota.most for quota, used in zip(self.quotas, self.used, strict=True))

    def headers(self) -> dict[str, str]:
        """RateLimit and RateLimit-Policy as the IETF draft has them (draft-ietf-httpapi-ratelimit-headers): lists, an item a quota."""
        policies = [f'"{quota.policy}";q={quota.most};w={WINDOW_S}' for quota in self.quotas]
        left = [
            f'"{quota.policy}";r={max(0, quota.most - used)};t={self.ends_in_s}'
            for quota, used in zip(self.quotas, self.used, strict=True)
        ]
        return {"RateLimit-Policy": ", ".join(policies), "RateLimit": ", ".join(left)}


class _SharedCounters:
    """Counters in Valkey; this process counts alone without one, and for some seconds after a failure, so that nobody waits."""

    def __init__(self) -> None:
        self._local = LocalCounters(WINDOW_S)
        self._resting_until_s = 0.0

    def count(self, keys: Sequence[str], most: Sequence[int]) -> tuple[int, ...]:
        """The number of this call in each counter's window."""
        if settings.VALKEY_URL and time.monotonic() >= self._resting_until_s:
            try:
                return _counted(settings.VALKEY_URL, keys, most)
            except RedisError:
                self._resting_until_s = time.monotonic() + _REST_S
                logger.warning("rate_limits_local")
        return self._counted_here(keys, most)

    def forget_fault(self) -> None:
        """Ask Valkey again from the next call on."""
        self._resting_until_s = 0.0

    def _counted_here(self, keys: Sequence[str], most: Sequence[int]) -> tuple[int, ...]:
        counts, is_spent = [], False
        for key, limit in zip(keys, most, strict=True):
            counts.append(self._local.add(key, 0 if is_spent else 1))
            is_spent = is_spent or counts[-1] > limit
        return tuple(counts)


counters = _SharedCounters()


def quotas_of_network(network: str) -> tuple[Quota, ...]:
    """Whoever is nobody counts for a network, and for no organization: strangers must not use up its calls."""
    return (Quota("calls", f"network:{network}", settings.API_CALLS_PER_MINUTE),)


def quotas_of_directory(access_id: UUID) -> tuple[Quota, ...]:
    """A directory's token counts for itself and for the organization."""
    return (Quota("calls", f"scim:{access_id}", settings.API_CALLS_PER_MINUTE), _organization())


def quotas_of_person(person_id: UUID, *, key_id: UUID | None = None, starts_run: bool = False) -> tuple[Quota, ...]:
    """All keys, programs and browsers of one person share the person's calls; calls that start a run have a bucket of their own."""
    if starts_run:
        own = Quota("runs", f"person:{person_id}", settings.API_RUNS_PER_MINUTE)
    else:
        own = Quota("calls", f"person:{person_id}", settings.API_CALLS_PER_MINUTE)
    if key_id is None:
        return own, _organization()
    return Quota("key", f"key:{key_id}", settings.API_CALLS_PER_KEY_PER_MINUTE), own, _organization()


def count_call(quotas: tuple[Quota, ...]) -> Allowance:
    """Count this call, and return what is left."""
    at_s = time.time()
    window = int(at_s // WINDOW_S)
    prefix = settings.CACHES["default"].get("KEY_PREFIX", "")
    keys = [f"{prefix}:{tenant_key('rate', quota.policy, quota.whose, window)}" for quota in quotas]
    used = counters.count(keys, [quota.most for quota in quotas])
    return Allowance(quotas, used, ends_in_s=WINDOW_S - int(at_s % WINDOW_S))


def refuse_when_spent(allowance: Allowance) -> None:
    """TooManyCallsError when the allowance is used up."""
    if allowance.is_spent:
        raise TooManyCallsError(retry_after_s=allowance.ends_in_s)


def _organization() -> Quota:
    tenant = current_tenant()
    most = tenant.api_calls_per_minute or settings.API_CALLS_PER_ORGANIZATION_PER_MINUTE
    return Quota("organization", "organization", most)


def _counted(url: str, keys: Sequence[str], most: Sequence[int]) -> tuple[int, ...]:
    """In one step on the server, so that of two calls at once each has its own number, and no counter is left without an end."""
    found = cast("list[Any]", _script(url)(keys=list(keys), args=[WINDOW_S + _GRACE_S, *most]))
    return tuple(int(count) for count in found)


@lru_cache(maxsize=4)
def _script(url: str) -> Any:
    # Half a second and no second try: a call must not wait for a counter.
    client = Redis.from_url(url, socket_connect_timeout=0.5, socket_timeout=0.5, retry=Retry(NoBackoff(), 0))
    return client.register_script(_COUNT)
