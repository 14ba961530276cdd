"""Give a deactivated person their access back."""

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from django.db import transaction

from apps.accounts.events import PersonReactivated
from apps.accounts.models import SCIMPerson, User
from apps.accounts.services.administrators import lock_person
from apps.kernel.audit.record import record
from apps.kernel.events.bus import publish


@transaction.atomic
def reactivate_person(user: User, *, person_id: UUID) -> User:
    """The person, who may sign in again; sessions of before stay dead. NotAllowedError, NotFoundError."""
    person = lock_person(user, person_id)
    # What a directory took once it may not give back after an administrator has decided.
    SCIMPerson.objects.filter(person=person, is_deactivated_there=True).update(is_deactivated_there=False)
    return give_access_back(person, actor=user)


def give_access_back(person: User, *, actor: User | None, detail: Mapping[str, str] = MappingProxyType({})) -> User:
    """The same for a row that the caller has locked; `actor` None is a directory."""
    if person.is_active:
        return person
    person.is_active = True
    person.save(update_fields=["is_active", "updated_at"])
    record("person.reactivated" if actor else "person.reprovisioned", actor=actor, target=person.pk, detail=detail)
    publish(PersonReactivated(person_id=person.pk))
    return person
