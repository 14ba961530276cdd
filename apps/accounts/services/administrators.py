"""An organization never loses its last administrator."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from apps.accounts.capabilities import GUARDED_ROLES
from apps.accounts.errors import LastAdministratorError
from apps.accounts.models import User
from apps.accounts.policies import may_manage, require_people_manager
from apps.accounts.selectors import person_for, service_account_for
from apps.kernel.errors import NotAllowedError


def lock_person(user: User, person_id: UUID) -> User:
    """The person's row, freshly read and locked, for a deed of `user`: all administrators' rows are locked with it.

    Everybody locks in the order of ids: of two administrators who demote each other, one waits, and then may not any more.
    Raises NotFoundError, and NotAllowedError also when the right to do it was lost while waiting.
    """
    require_people_manager(user)
    return _locked(user, person_for(user, person_id).pk)


def lock_program(user: User, account_id: UUID) -> User:
    """The row of a service account, in the same way. Raises NotFoundError, NotAllowedError."""
    return _locked(user, service_account_for(user, account_id).pk)


def lock_with_administrators(person_ids: Collection[UUID]) -> dict[UUID, User]:
    """These people's rows and all administrators', freshly read and locked in the order of ids, by id."""
    wanted = Q(role__in=GUARDED_ROLES) | Q(pk__in=person_ids)
    return {row.pk: row for row in User.objects.select_for_update().filter(wanted).order_by("pk")}


def refuse_losing_the_last(person: User) -> None:
    """LastAdministratorError when nobody else who is active has this person's guarded role."""
    if person.role not in GUARDED_ROLES or not person.is_active:
        return
    if not User.objects.filter(role=person.role, is_active=True).exclude(pk=person.pk).exists():
        raise LastAdministratorError


def _locked(user: User, row_id: UUID) -> User:
    rows = lock_with_administrators([row_id])
    row, actor = rows[row_id], rows.get(user.pk)
    if actor is None or (actor.role, actor.is_active) != (user.role, user.is_active) or not may_manage(user, row):
        raise NotAllowedError
    return row
