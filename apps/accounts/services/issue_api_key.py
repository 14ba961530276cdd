"""Make an API key. It is returned once, and cannot be read again."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from apps.accounts.capabilities import Capability
from apps.accounts.errors import InvalidKeyError, ScopeNotYoursError, TooManyKeysError
from apps.accounts.models import ApiKey, User
from apps.accounts.models.api_key import digest_of, new_token, prefix_of
from apps.accounts.policies import require_person
from apps.accounts.services.administrators import lock_program
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
def issue_api_key(
    user: User, *, name: str, scopes: Collection[Capability], life_days: int, account_id: UUID | None = None
) -> IssuedKey:
    """A key that may do what `scopes` name as long as its owner still may: the person, or a service account that they administer.

    Raises NeedsPersonError when a program asks for a key, InvalidKeyError, ScopeNotYoursError, TooManyKeysError; for a service
    account also NotAllowedError and NotFoundError.
    """
    require_person(user)
    name = name.strip()
    if not 1 <= len(name) <= _LONGEST_NAME or not scopes or not 1 <= life_days <= LONGEST_LIFE_DAYS:
        raise InvalidKeyError
    owner = lock_program(user, account_id) if account_id else User.objects.select_for_update().get(pk=user.pk)
    if not set(scopes) <= owner.grants():
        raise ScopeNotYoursError
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
    detail = {"prefix": key.prefix, "scopes": ", ".join(key.scopes)}
    if owner.is_program:
        record("api_key.issued_for_program", actor=user, target=key.pk, detail={**detail, "account": owner.name})
    else:
        record("api_key.issued", actor=user, target=key.pk, detail=detail)
    return IssuedKey(key, token)
