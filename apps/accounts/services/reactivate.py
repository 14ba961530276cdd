"""Give a deactivated person their access back."""

from uuid import UUID

from django.db import transaction

from apps.accounts.events import PersonReactivated
from apps.accounts.models import User
from apps.accounts.services.administrators import lock_person
from apps.kernel.audit.record import record
from apps.kernel.events.bus import publish


@transaction.atomic
def reactivate_person(user: User, *, person_id: UUID) -> User:
    """The person, who may sign in again; sessions of before stay dead. NotAllowedError, NotFoundError."""
    person = lock_person(user, person_id)
    if person.is_active:
        return person
    person.is_active = True
    person.save(update_fields=["is_active", "updated_at"])
    record("person.reactivated", actor=user, target=person.pk)
    publish(PersonReactivated(person_id=person.pk))
    return person
