"""Renew an API key: a new secret at once, while the one of before still works for as long as its programs need to change."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from apps.accounts.errors import InvalidRotationError, ScopeNotYoursError
from apps.accounts.models import User
from apps.accounts.models.api_key import digest_of, new_token, prefix_of
from apps.accounts.policies import require_person
from apps.accounts.selectors import keys_in_care_of
from apps.accounts.services.issue_api_key import LONGEST_LIFE_DAYS, IssuedKey
from apps.kernel.audit.record import record
from apps.kernel.clock import now
from apps.kernel.errors import NotFoundError

LONGEST_OVERLAP_DAYS = 7


@transaction.atomic
def rotate_api_key(user: User, *, key_id: UUID, overlap_days: int, life_days: int) -> IssuedKey:
    """The same key with a new secret; the one of before is dead after the overlap, or when it would have ended anyway.

    A secret that was on its way out already is dead at once. What the owner may not do any more, the key loses for good.
    Raises NeedsPersonError, NotFoundError, InvalidRotationError, ScopeNotYoursError when there is nothing left that it may do.
    """
    require_person(user)
    if not 0 <= overlap_days <= LONGEST_OVERLAP_DAYS or not 1 <= life_days <= LONGEST_LIFE_DAYS:
        raise InvalidRotationError
    key = keys_in_care_of(user).select_for_update(of=("self",)).filter(pk=key_id).first()
    if key is None:
        raise NotFoundError
    granted = {capability.value for capability in key.owner.grants()}
    scopes = [scope for scope in key.scopes if scope in granted]
    if not scopes:
        raise ScopeNotYoursError
    at, token = now(), new_token()
    ends_at = min(at + timedelta(days=overlap_days), key.expires_at)
    goes_on = ends_at > at
    key.previous_prefix = key.prefix if goes_on else ""
    key.previous_digest, key.previous_ends_at = (key.digest, ends_at) if goes_on else (None, None)
    key.prefix, key.digest, key.scopes = prefix_of(token), digest_of(token), scopes
    key.rotated_at, key.expires_at, key.reminded_at = at, at + timedelta(days=life_days), None
    key.save()
    record(
        "api_key.renewed",
        actor=user,
        target=key.pk,
        detail={"prefix": key.prefix, "scopes": ", ".join(scopes), "overlap_days": overlap_days},
    )
    return IssuedKey(key, token)
