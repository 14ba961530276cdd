"""Tell people in time that an API key ends: a program that stops one morning is found by its users first."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce

from apps.accounts.events import KeyEndsSoon
from apps.accounts.models import ApiKey
from apps.kernel.audit.record import record
from apps.kernel.clock import now
from apps.kernel.events.bus import publish

AHEAD = timedelta(days=14)


@transaction.atomic
def remind_of_keys() -> int:
    """Announce each key that ends within fourteen days, once; returns how many. One that never lived longer is left out."""
    at = now()
    due = (
        ApiKey.objects.select_for_update(skip_locked=True, of=("self",))
        .annotate(issued_at=Coalesce("rotated_at", "created_at"))
        .filter(revoked_at=None, reminded_at=None, owner__is_active=True)
        .filter(expires_at__gt=at, expires_at__lte=at + AHEAD, issued_at__lt=F("expires_at") - AHEAD)
    )
    keys = list(due)
    for key in keys:
        key.reminded_at = at
        key.save(update_fields=["reminded_at", "updated_at"])
        record("api_key.end_announced", actor=None, target=key.pk, detail={"prefix": key.prefix})
        publish(KeyEndsSoon(key_id=key.pk))
    return len(keys)
