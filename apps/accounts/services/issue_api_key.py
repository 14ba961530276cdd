"""Make an API key. It is returned once, and cannot be read again."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from apps.accounts.capabilities import Capability
from apps.accounts.errors import InvalidKeyError, NeedsPersonError, ScopeNotYoursError, TooManyKeysError
from apps.accounts.models import ApiKey, User
from apps.accounts.models.api_key import digest_of, new_token, prefix_of
from apps.kernel.audit.record import record
from apps.kernel.clock import now

LONGEST_LIFE_DAYS = 365
MOST_KEYS_A_PERSON = 20
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """The row, and the key itself, which is nowhere else."""

    key: ApiKey
    token: str


@transaction.atomic
def issue_api_key(user: User, *, name: str, scopes: Collection[Capability], life_days: int) -> IssuedKey:
    """A key that may do what `scopes` name as long as its owner still may.

    Raises NeedsPersonError when a key asks for a key, InvalidKeyError, ScopeNotYoursError, TooManyKeysError.
    """
    if user.key_scopes is not None:
        raise NeedsPersonError
    name = name.strip()
    if not 1 <= len(name) <= _LONGEST_NAME or not scopes or not 1 <= life_days <= LONGEST_LIFE_DAYS:
        raise InvalidKeyError
    if not set(scopes) <= user.grants():
        raise ScopeNotYoursError
    owner = User.objects.select_for_update().get(pk=user.pk)
    at = now()
    if owner.api_keys.filter(revoked_at=None, expires_at__gt=at).count() >= MOST_KEYS_A_PERSON:
        raise TooManyKeysError(limit=MOST_KEYS_A_PERSON)
    token = new_token()
    key = ApiKey.objects.create(
        owner=owner,
        name=name,
        prefix=prefix_of(token),
        digest=digest_of(token),
        scopes=sorted(scope.value for scope in set(scopes)),
        expires_at=at + timedelta(days=life_days),
    )
    record("api_key.issued", actor=user, target=key.pk, detail={"prefix": key.prefix, "scopes": ", ".join(key.scopes)})
    return IssuedKey(key, token)
