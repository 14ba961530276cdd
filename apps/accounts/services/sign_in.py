"""Check an address and a password. The answer, and the work done for it, are the same for known and unknown addresses."""

from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db import transaction

from apps.accounts.choices import SignInWay
from apps.accounts.errors import SignInRefusedError
from apps.accounts.limits import Attempt, begin_attempt, forgive_attempt
from apps.accounts.models import SignInPolicy, TokenFamily, User, normal_email
from apps.accounts.models.user import LONGEST_PASSWORD
from apps.accounts.policies import may_sign_in_here, must_have_second_factor
from apps.accounts.selectors import person_by_email, second_factors_of, sign_in_policy
from apps.accounts.services.judge_sign_in import Judgement, Shown, judge_sign_in
from apps.kernel.audit.record import record
from apps.kernel.clock import now
from apps.kernel.errors import gettext_noop


class NextStep(StrEnum):
    """What is left to do before somebody whose password was right is in."""

    COME_IN = "come_in"
    SHOW_SECOND_FACTOR = "show_second_factor"
    SHOW_MAILED_CODE = "show_mailed_code"
    SET_UP_SECOND_FACTOR = "set_up_second_factor"


@dataclass(frozen=True, slots=True)
class PasswordAccepted:
    """Whose password it was. Their session may be started only when the next step is to come in."""

    person: User
    next_step: NextStep


def sign_in(email: str, *, password: str, address: str) -> PasswordAccepted:
    """The person, and what they have to do next.

    `address` is the peer's IP address. Raises SignInRefusedError, or TooManyAttemptsError after ten tries on one account
    or fifty from one network within a quarter of an hour.
    """
    attempt = Attempt("sign_in", normal_email(email), address)
    failures = begin_attempt(attempt)
    # Asked for before anything is known of the password, so that a right one costs no query that a wrong one does not.
    person, policy = person_by_email(email), sign_in_policy()
    if not _is_right(person, password) or person is None or not person.is_active:
        _record_failure(person.pk if person else None)
        raise SignInRefusedError
    if not may_sign_in_here(person, policy):
        _record_failure(person.pk, gettext_noop("a password, where single sign-on is required"))
        raise SignInRefusedError
    judgement, next_step = judged_step(person, Shown(SignInWay.PASSWORD, password=password, failures=failures), policy)
    if judgement.is_stopped:
        raise SignInRefusedError
    forgive_attempt(attempt)
    is_in = next_step == NextStep.COME_IN
    record(
        "person.signed_in" if is_in else "person.password_accepted",
        actor=person,
        target=person.pk,
        detail=judgement.detail,
    )
    return PasswordAccepted(person, next_step)


def next_step_of(person: User, *, steps_up: bool = False) -> NextStep:
    """What a person has to show, or to set up, after their password; `steps_up` when the sign-in is risky and nothing more was shown."""
    return _step(_usual_step(person, sign_in_policy()), steps_up=steps_up)


def judged_step(person: User, shown: Shown, policy: SignInPolicy) -> tuple[Judgement, NextStep]:
    """The judgement of a sign-in by a password, ours or a directory's, and what comes next if it is not stopped."""
    usual = _usual_step(person, policy)
    judgement = judge_sign_in(person, policy, replace(shown, is_all=usual == NextStep.COME_IN))
    return judgement, _step(usual, steps_up=person.must_step_up)


@transaction.atomic
def sign_out(person: User, *, session_id: UUID | None = None) -> None:
    """Record that the person leaves, and end the tokens that the session asked for; the caller ends the session itself."""
    if session_id is not None:
        TokenFamily.objects.filter(session_id=session_id, revoked_at=None).update(revoked_at=now())
    record("person.signed_out", actor=person, target=person.pk)


def _usual_step(person: User, policy: SignInPolicy) -> NextStep:
    if second_factors_of(person).are_there:
        return NextStep.SHOW_SECOND_FACTOR
    return NextStep.SET_UP_SECOND_FACTOR if must_have_second_factor(person, policy) else NextStep.COME_IN


def _step(usual: NextStep, *, steps_up: bool) -> NextStep:
    """Whoever knows only the password must not set up a factor of their own: the mailed code comes before that."""
    return NextStep.SHOW_MAILED_CODE if steps_up and usual != NextStep.SHOW_SECOND_FACTOR else usual


def _is_right(person: User | None, password: str) -> bool:
    tried = password[:LONGEST_PASSWORD]
    if person is None:
        make_password(tried)  # Hashing is what takes the time: without it a fast answer would say that nobody is here.
        return False
    return person.check_password(tried) and tried == password


@transaction.atomic
def _record_failure(person_id: UUID | None, reason: str = gettext_noop("wrong address or password")) -> None:
    # What was typed is not kept: people type passwords into the wrong field.
    record("person.sign_in_failed", actor=None, target=person_id, detail={"reason": reason})
