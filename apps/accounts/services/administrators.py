"""An organization never loses its last administrator."""

from apps.accounts.capabilities import GUARDED_ROLES
from apps.accounts.errors import LastAdministratorError
from apps.accounts.models import User


def lock_person_and_administrators(person: User) -> User:
    """The person's row, freshly read and locked together with all administrators' rows.

    Everybody locks in the order of ids: of two administrators who demote each other, one waits and then sees the other's deed.
    """
    rows = User.objects.select_for_update().filter(role__in=GUARDED_ROLES) | User.objects.select_for_update().filter(
        pk=person.pk
    )
    return next(row for row in rows.order_by("pk") if row.pk == person.pk)


def refuse_losing_the_last(person: User) -> None:
    """LastAdministratorError when nobody else who is active has this person's guarded role."""
    if person.role not in GUARDED_ROLES or not person.is_active:
        return
    if not User.objects.filter(role=person.role, is_active=True).exclude(pk=person.pk).exists():
        raise LastAdministratorError
