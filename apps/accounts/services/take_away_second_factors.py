"""Take a person's second factors away: the phone is lost, or somebody else has it."""

from uuid import UUID

from django.db import transaction

from apps.accounts.errors import NeedsPersonError
from apps.accounts.events import FactorChange, SecondFactorChanged, SessionsEnded
from apps.accounts.models import AuthenticatorApp, Passkey, RecoveryCode, User
from apps.accounts.services.administrators import lock_person
from apps.kernel.audit.record import record
from apps.kernel.events.bus import publish


@transaction.atomic
def take_away_second_factors(user: User, *, person_id: UUID) -> User:
    """The person, who has none left and whose sessions have ended; the password stays. NeedsPersonError, NotAllowedError, NotFoundError."""
    if user.key_scopes is not None:
        raise NeedsPersonError
    person = lock_person(user, person_id)
    for kind in (AuthenticatorApp, Passkey, RecoveryCode):
        kind.objects.filter(owner=person).delete()
    person.session_epoch += 1
    person.save(update_fields=["session_epoch", "updated_at"])
    record("person.second_factors_removed", actor=user, target=person.pk)
    publish(SecondFactorChanged(person_id=person.pk, change=FactorChange.ALL_TAKEN_AWAY))
    publish(SessionsEnded(person_id=person.pk))
    return person
