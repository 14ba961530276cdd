"""Change several things of a person at once: all of them, or none."""

from uuid import UUID

from django.db import transaction

from apps.accounts.capabilities import RoleName
from apps.accounts.models import User
from apps.accounts.selectors import person_for
from apps.accounts.services.change_role import change_role
from apps.accounts.services.deactivate import deactivate_person
from apps.accounts.services.reactivate import reactivate_person


@transaction.atomic
def change_person(user: User, *, person_id: UUID, role: RoleName | None = None, is_active: bool | None = None) -> User:
    """The person with what is given changed, None keeps; raises what change_role, deactivate_person and reactivate_person raise."""
    person = person_for(user, person_id)
    if role is not None:
        person = change_role(user, person_id=person_id, role=role)
    if is_active is not None:
        person = (reactivate_person if is_active else deactivate_person)(user, person_id=person_id)
    return person
