"""Take a person's access away. What they did stays."""

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from django.db import transaction

from apps.accounts.events import PersonDeactivated, SessionsEnded
from apps.accounts.models import User
from apps.accounts.services.administrators import lock_person, refuse_losing_the_last
from apps.kernel.audit.record import record
from apps.kernel.events.bus import publish


@transaction.atomic
def deactivate_person(user: User, *, person_id: UUID) -> User:
    """The person, whose sessions have ended and whose keys are dead until they are back. Doing it twice is doing it once.

    Raises NotAllowedError, NotFoundError, LastAdministratorError.
    """
    person = lock_person(user, person_id)
    return end_access(person, actor=user)


def end_access(person: User, *, actor: User | None, detail: Mapping[str, str] = MappingProxyType({})) -> User:
    """The same for a row that the caller has locked together with the administrators' rows; `actor` None is a directory.

    Raises LastAdministratorError.
    """
    if not person.is_active:
        return person
    refuse_losing_the_last(person)
    person.is_active = False
    person.session_epoch += 1
    person.save(update_fields=["is_active", "session_epoch", "updated_at"])
    record("person.deactivated" if actor else "person.deprovisioned", actor=actor, target=person.pk, detail=detail)
    publish(PersonDeactivated(person_id=person.pk))
    publish(SessionsEnded(person_id=person.pk))
    return person
