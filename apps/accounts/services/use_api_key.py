"""Find the key that a program shows, and note that it was used, and from which network."""

from datetime import timedelta

from django.db.models import Q, QuerySet

from apps.accounts.limits import network_of
from apps.accounts.models import ApiKey
from apps.accounts.models.api_key import digest_of, is_well_formed
from apps.kernel.clock import now
from apps.kernel.kept_queries import KeptQuery

_NOTE_EVERY = timedelta(seconds=60)


def use_api_key(token: str, *, address: str = "") -> ApiKey | None:
    """The key, its owner narrowed to its scopes; None for one that is unknown, revoked, expired, or whose owner may not sign in.

    After a renewal both secrets open it until the older one ends.
    """
    if not is_well_formed(token):
        return None
    digest, at = digest_of(token), now()
    key = KeptQuery(ApiKey, _with_owner, values={"digest": digest}).first()
    if key is None or not key.is_usable(at) or not key.opens_with(digest, at):
        return None
    if key.last_used_at is None or key.last_used_at < at - _NOTE_EVERY:
        stale = Q(last_used_at__isnull=True) | Q(last_used_at__lt=at - _NOTE_EVERY)
        ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=at, last_network=network_of(address))
    key.owner.key_scopes = frozenset(key.scopes)
    return key


def _with_owner(*, digest: str) -> "QuerySet[ApiKey]":
    found = Q(digest=digest) | Q(previous_digest=digest)
    return ApiKey.objects.select_related("owner").filter(found).order_by()
