"""Give what a person owned to a colleague. Each room moves its own things; all of them move, or none."""

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from django.db import transaction

from apps.accounts.errors import InvalidHeirError
from apps.accounts.models import User
from apps.accounts.owned_things import owned_kinds
from apps.accounts.policies import may_manage, require_people_manager
from apps.accounts.selectors import person_for
from apps.accounts.services.administrators import lock_with_administrators
from apps.accounts.services.deactivate import deactivate_person
from apps.kernel.audit.record import record
from apps.kernel.errors import NotAllowedError


@transaction.atomic
def hand_over(user: User, *, person_id: UUID, heir_id: UUID) -> Mapping[str, int]:
    """How many things of each kind changed hands; doing it twice moves nothing the second time.

    Raises NotAllowedError, NotFoundError, InvalidHeirError for a person without access, and what a room raises when the heir may not
    have its things.
    """
    require_people_manager(user)
    wanted = [person_for(user, one).pk for one in (person_id, heir_id)]
    rows = lock_with_administrators(wanted)
    person, heir, actor = rows[person_id], rows[heir_id], rows.get(user.pk)
    if actor is None or (actor.role, actor.is_active) != (user.role, user.is_active) or not may_manage(user, person):
        raise NotAllowedError
    if person == heir or not heir.is_active:
        raise InvalidHeirError
    moved = {kind.name: kind.hand_over(user, person, heir) for kind in owned_kinds() if kind.hand_over is not None}
    if total := sum(moved.values()):
        record("person.handed_over", actor=user, target=person.pk, detail={"count": total, "heir": str(heir.pk)})
    return MappingProxyType(moved)


@transaction.atomic
def deactivate_and_hand_over(user: User, *, person_id: UUID, heir_id: UUID | None) -> User:
    """The deactivated person; what they owned is the heir's, or stays theirs with None. Raises as hand_over and deactivate_person."""
    if heir_id is not None:
        hand_over(user, person_id=person_id, heir_id=heir_id)
    return deactivate_person(user, person_id=person_id)
