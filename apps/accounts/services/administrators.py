"""An organization never loses its last administrator."""

from uuid import UUID

from django.db.models import Q

from apps.accounts.capabilities import GUARDED_ROLES
from apps.accounts.errors import LastAdministratorError
from apps.accounts.models import User
from apps.accounts.policies import may_manage, require_people_manager
from apps.accounts.selectors import person_for
from apps.kernel.errors import NotAllowedError


def lock_person(user: User, person_id: UUID) -> User:
    """The person's row, freshly read and locked, for a deed of `user`: all administrators' rows are locked with it.

    Everybody locks in the order of ids: of two administrators who demote each other, one waits, and then may not any more.
    Raises NotFoundError, and NotAllowedError also when the right to do it was lost while waiting.
    """
    require_people_manager(user)
    wanted = Q(role__in=GUARDED_ROLES) | Q(pk=person_for(user, person_id).pk)
    rows = {row.pk: row for row in User.objects.select_for_update().filter(wanted).order_by("pk")}
    person, actor = rows[person_id], rows.get(user.pk)
    if actor is None or (actor.role, actor.is_active) != (user.role, user.is_active) or not may_manage(user, person):
        raise NotAllowedError
    return person


def refuse_losing_the_last(person: User) -> None:
    """LastAdministratorError when nobody else who is active has this person's guarded role."""
    if person.role not in GUARDED_ROLES or not person.is_active:
        return
    if not User.objects.filter(role=person.role, is_active=True).exclude(pk=person.pk).exists():
        raise LastAdministratorError
