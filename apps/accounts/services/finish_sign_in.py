"""Come in: with a second factor after the password, or with a passkey, which is both."""

from django.db import transaction

from apps.accounts.errors import PasskeyRefusedError
from apps.accounts.models import User
from apps.accounts.policies import may_sign_in_here
from apps.accounts.selectors import sign_in_policy
from apps.accounts.services.check_code import BY_PASSKEY, check_code, record_refused_factor
from apps.accounts.services.use_passkey import PasskeyAnswer, use_passkey
from apps.kernel.audit.record import record
from apps.kernel.errors import gettext_noop


def finish_with_code(person: User, *, code: str, address: str) -> User:
    """The person, whose session the caller then starts. CodeRefusedError, TooManyAttemptsError."""
    by = check_code(person, code=code, address=address)
    record_signed_in(person, by=by)
    return person


def finish_with_passkey(given: PasskeyAnswer, *, expected: User | None, is_from_directory: bool = False) -> User:
    """The person, whose session the caller then starts; after a password only the one whose it was. PasskeyRefusedError.

    Whoever has shown the directory's password comes by single sign-on, also where that is the only way in.
    """
    person = use_passkey(given, expected=expected)
    if not is_from_directory and not may_sign_in_here(person, sign_in_policy()):
        record_refused_factor(person.pk, gettext_noop("single sign-on only"))
        raise PasskeyRefusedError
    record_signed_in(person, by=BY_PASSKEY)
    return person


@transaction.atomic
def record_signed_in(person: User, *, by: str) -> None:
    """Keep that somebody is in, and what they showed."""
    record("person.signed_in", actor=person, target=person.pk, detail={"by": by})
