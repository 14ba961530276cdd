"""Change one's own password."""

from django.db import transaction

from apps.accounts.errors import NeedsPersonError, WrongPasswordError
from apps.accounts.events import SessionsEnded
from apps.accounts.limits import Attempt, begin_attempt, forgive_attempt
from apps.accounts.models import User
from apps.accounts.services.password_rules import refuse_weak_password
from apps.kernel.audit.record import record
from apps.kernel.events.bus import publish


def change_password(user: User, *, current: str, new: str, address: str) -> User:
    """The person with the new password; all sessions end, the caller renews the one that asked.

    Raises NeedsPersonError for an API key, WrongPasswordError, TooManyAttemptsError, WeakPasswordError.
    """
    if user.key_scopes is not None:
        raise NeedsPersonError
    attempt = Attempt("change_password", str(user.pk), address)
    begin_attempt(attempt)
    if not user.check_password(current):
        raise WrongPasswordError
    forgive_attempt(attempt)
    refuse_weak_password(new, user)
    return _changed(user, new)


@transaction.atomic
def _changed(user: User, new: str) -> User:
    person = User.objects.select_for_update().get(pk=user.pk)
    person.set_password(new)
    person.session_epoch += 1
    person.save(update_fields=["password", "session_epoch", "updated_at"])
    record("person.password_changed", actor=person, target=person.pk)
    publish(SessionsEnded(person_id=person.pk))
    return person
