"""For whom a call counts, and what is told of it: whoever came by key, token, session, or as nobody."""

from rest_framework.request import Request

from apps.accounts.call_limits import (
    Allowance,
    Quota,
    count_call,
    quotas_of_directory,
    quotas_of_network,
    quotas_of_person,
)
from apps.accounts.limits import network_of
from apps.accounts.models import ApiKey, SCIMAccess


def count_request(request: Request, *, starts_run: bool = False) -> Allowance:
    """Count this call of a person, a key, a directory or a network, and return what is left."""
    return count_call(_quotas_of(request, starts_run=starts_run))


def _quotas_of(request: Request, *, starts_run: bool) -> tuple[Quota, ...]:
    if isinstance(request.auth, SCIMAccess):
        return quotas_of_directory(request.auth.pk)
    if not request.user.is_authenticated:
        return quotas_of_network(network_of(request.META.get("REMOTE_ADDR", "")))
    key_id = request.auth.pk if isinstance(request.auth, ApiKey) else None
    return quotas_of_person(request.user.pk, key_id=key_id, starts_run=starts_run)
