"""Whose host is this, remembered for a moment: the question is asked by every request, and its answer hardly ever changes.

A suspension is felt by every process within settings.HOST_ANSWERS_KEPT_S (2 s; five are promised). Only hosts that belong to somebody are
remembered, so a new organization is found at once and made-up hosts fill nothing.
"""

import time

from django.conf import settings

from apps.kernel.tenancy.hosts import HostAnswer, canonical_host, tenant_for_host

_MOST_HOSTS = 10_000
_kept: dict[str, tuple[float, HostAnswer]] = {}


def remembered_tenant_for_host(raw: str) -> HostAnswer | None:
    """As tenant_for_host(), at most HOST_ANSWERS_KEPT_S old."""
    host = canonical_host(raw)
    at_s = time.time()
    found = _kept.get(host)
    # A clock that was put back makes an answer old, never young for ever.
    if found is not None and 0 <= at_s - found[0] < settings.HOST_ANSWERS_KEPT_S:
        return found[1]
    answer = tenant_for_host(raw)
    if answer is None:
        _kept.pop(host, None)
    else:
        if len(_kept) >= _MOST_HOSTS:
            _kept.clear()
        _kept[host] = (at_s, answer)
    return answer
