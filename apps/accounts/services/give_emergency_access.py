"""Let somebody in by password where single sign-on is the only way: for the day on which the provider fails."""

from uuid import UUID

from django.db import transaction

from apps.accounts.models import User
from apps.accounts.services.administrators import lock_person
from apps.kernel.audit.record import record


@transaction.atomic
def give_emergency_access(user: User, *, person_id: UUID, is_given: bool) -> User:
    """The person, with it or without; NotAllowedError, NotFoundError. Doing it twice is doing it once."""
    person = lock_person(user, person_id)
    if person.has_emergency_access != is_given:
        person.has_emergency_access = is_given
        person.save(update_fields=["has_emergency_access", "updated_at"])
        record(
            "person.emergency_access_given" if is_given else "person.emergency_access_taken",
            actor=user,
            target=person.pk,
        )
    return person
