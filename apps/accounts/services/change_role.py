"""Change what a person may do here."""

from uuid import UUID

from django.db import transaction

from apps.accounts.capabilities import RoleName
from apps.accounts.events import RoleChanged, SessionsEnded
from apps.accounts.models import User
from apps.accounts.policies import may_grant_role
from apps.accounts.services.administrators import lock_person, refuse_losing_the_last
from apps.kernel.audit.record import record
from apps.kernel.errors import NotAllowedError
from apps.kernel.events.bus import publish


@transaction.atomic
def change_role(user: User, *, person_id: UUID, role: RoleName) -> User:
    """The person with the new role; their sessions end, so that it holds at once. The same role again changes nothing.

    Raises NotAllowedError, NotFoundError, LastAdministratorError.
    """
    person = lock_person(user, person_id)
    if not may_grant_role(user, role):
        raise NotAllowedError
    if person.role == role:
        return person
    refuse_losing_the_last(person)
    before, person.role = person.role, role.value
    person.session_epoch += 1
    person.save(update_fields=["role", "session_epoch", "updated_at"])
    record("person.role_changed", actor=user, target=person.pk, detail={"before": before, "after": role.value})
    publish(RoleChanged(person_id=person.pk, role=role.value))
    publish(SessionsEnded(person_id=person.pk))
    return person
