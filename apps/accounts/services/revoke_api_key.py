"""Revoke an API key: from then on it is unknown."""

from uuid import UUID

from django.db import transaction

from apps.accounts.models import ApiKey, User
from apps.accounts.policies import may_manage_people
from apps.kernel.audit.record import record
from apps.kernel.clock import now
from apps.kernel.errors import NotFoundError


@transaction.atomic
def revoke_api_key(user: User, *, key_id: UUID) -> None:
    """End one's own key; those who manage people end everybody's. NotFoundError for a key that is not there, or not yours."""
    keys = ApiKey.objects.select_for_update(of=("self",)).filter(pk=key_id, revoked_at=None)
    if not may_manage_people(user):
        keys = keys.filter(owner_id=user.pk)
    key = keys.first()
    if key is None:
        raise NotFoundError
    key.revoked_at = now()
    key.save(update_fields=["revoked_at", "updated_at"])
    record("api_key.revoked", actor=user, target=key.pk, detail={"prefix": key.prefix})
