"""Give a deactivated person their access back."""

from uuid import UUID

from django.db import transaction

from apps.accounts.events import PersonReactivated
from apps.accounts.models import User
from apps.accounts.policies import may_manage, require_people_manager
from apps.accounts.selectors import person_for
from apps.accounts.services.administrators import lock_person_and_administrators
from apps.kernel.audit.record import record
from apps.kernel.errors import NotAllowedError
from apps.kernel.events.bus import publish


@transaction.atomic
def reactivate_person(user: User, *, person_id: UUID) -> User:
    """The person, who may sign in again; sessions of before stay dead. NotAllowedError, NotFoundError."""
    require_people_manager(user)
    person = lock_person_and_administrators(person_for(user, person_id))
    if not may_manage(user, person):
        raise NotAllowedError
    if person.is_active:
        return person
    person.is_active = True
    person.save(update_fields=["is_active", "updated_at"])
    record("person.reactivated", actor=user, target=person.pk)
    publish(PersonReactivated(person_id=person.pk))
    return person
