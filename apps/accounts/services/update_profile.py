"""Change one's own name and preferences."""

from dataclasses import dataclass

from django.conf import settings
from django.db import transaction

from apps.accounts.choices import Theme, time_zone_names
from apps.accounts.errors import InvalidPreferenceError
from apps.accounts.models import User
from apps.kernel.audit.record import record
from apps.kernel.errors import NotAllowedError

_LONGEST_NAME = 150


@dataclass(frozen=True, slots=True)
class ProfileChange:
    """What to change; None keeps what is there."""

    name: str | None = None
    language: str | None = None
    theme: str | None = None
    time_zone: str | None = None
    keys_enabled: bool | None = None


@transaction.atomic
def update_profile(user: User, *, change: ProfileChange) -> User:
    """The person with what was given changed; InvalidPreferenceError for what is no choice.

    NotAllowedError for a service account: its name stands in the record, and administrators give it.
    """
    if user.is_program:
        raise NotAllowedError
    _refuse_unknown(change)
    person = User.objects.select_for_update().get(pk=user.pk)
    fields: list[str] = []
    for field in ("name", "language", "theme", "time_zone", "keys_enabled"):
        value = getattr(change, field)
        if value is not None and value != getattr(person, field):
            setattr(person, field, value)
            fields.append(field)
    if fields:
        person.save(update_fields=[*fields, "updated_at"])
        record("person.profile_changed", actor=user, target=person.pk, detail={"fields": ", ".join(fields)})
    return person


def _refuse_unknown(change: ProfileChange) -> None:
    if change.name is not None and not 1 <= len(change.name.strip()) <= _LONGEST_NAME:
        raise InvalidPreferenceError(name="name")
    if change.language is not None and change.language not in dict(settings.LANGUAGES):
        raise InvalidPreferenceError(name="language")
    if change.theme is not None and change.theme not in Theme.values:
        raise InvalidPreferenceError(name="theme")
    if change.time_zone is not None and change.time_zone not in time_zone_names():
        raise InvalidPreferenceError(name="time_zone")
