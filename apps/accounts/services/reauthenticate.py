"""Confirm once more that it is the person who signed in who sits there: before deeds that would be worth stealing a session for."""

from django.db import transaction

from apps.accounts.errors import WrongPasswordError
from apps.accounts.limits import Attempt, begin_attempt, forgive_attempt
from apps.accounts.models import User
from apps.accounts.selectors import second_factors_of
from apps.accounts.services.check_code import BY_PASSKEY, BY_PASSWORD, check_code
from apps.accounts.services.ldap_sign_in import knows_directory_password
from apps.accounts.services.use_passkey import PasskeyAnswer, use_passkey
from apps.kernel.audit.record import record


def reauthenticate(person: User, *, password: str, code: str, address: str) -> None:
    """By a code for those who have a second factor: their password alone is not enough. By the password for the others.

    It may be ours, or that of the directory that they came by.
    WrongPasswordError, CodeRefusedError, TooManyAttemptsError, DirectoryUnavailableError.
    """
    if second_factors_of(person).are_there:
        _record(person, check_code(person, code=code, address=address))
        return
    attempt = Attempt("reauthenticate", str(person.pk), address)
    begin_attempt(attempt)
    if not (person.check_password(password) or knows_directory_password(person, password)):
        _record_failure(person)
        raise WrongPasswordError
    forgive_attempt(attempt)
    _record(person, BY_PASSWORD)


def reauthenticate_with_passkey(person: User, given: PasskeyAnswer) -> None:
    """One of the person's own. PasskeyRefusedError."""
    use_passkey(given, expected=person)
    _record(person, BY_PASSKEY)


@transaction.atomic
def _record(person: User, by: str) -> None:
    record("person.reauthenticated", actor=person, target=person.pk, detail={"by": by})


@transaction.atomic
def _record_failure(person: User) -> None:
    record("person.reauthentication_failed", actor=person, target=person.pk)
