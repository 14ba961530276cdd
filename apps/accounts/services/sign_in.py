"""Check an address and a password. The answer, and the work done for it, are the same for known and unknown addresses."""

from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction

from apps.accounts.errors import SignInRefusedError
from apps.accounts.limits import Attempt, begin_attempt, forgive_attempt
from apps.accounts.models import User, normal_email
from apps.accounts.models.user import LONGEST_PASSWORD
from apps.accounts.selectors import person_by_email, sign_in_policy
from apps.kernel.audit.record import record


def sign_in(email: str, *, password: str, address: str) -> User:
    """The person, whose session the caller then starts.

    `address` is the peer's IP address. Raises SignInRefusedError, or TooManyAttemptsError after ten tries on one account
    or fifty from one network within a quarter of an hour.
    """
    attempt = Attempt("sign_in", normal_email(email), address)
    begin_attempt(attempt)
    person = person_by_email(email)
    if not _is_right(person, password) or person is None or not person.is_active:
        _record_failure(person.pk if person else None)
        raise SignInRefusedError
    if sign_in_policy().requires_sso and not person.has_emergency_access:
        _record_failure(person.pk, "a password, where single sign-on is required")
        raise SignInRefusedError
    forgive_attempt(attempt)
    record("person.signed_in", actor=person, target=person.pk)
    return person


def sign_out(person: User) -> None:
    """Record that the person leaves; the caller ends the session."""
    record("person.signed_out", actor=person, target=person.pk)


def _is_right(person: User | None, password: str) -> bool:
    tried = password[:LONGEST_PASSWORD]
    if person is None:
        make_password(tried)  # Hashing is what takes the time: without it a fast answer would say that nobody is here.
        return False
    return person.check_password(tried) and tried == password


@transaction.atomic
def _record_failure(person_id: UUID | None, reason: str = "wrong address or password") -> None:
    # What was typed is not kept: people type passwords into the wrong field.
    record("person.sign_in_failed", actor=None, target=person_id, detail={"reason": reason})
