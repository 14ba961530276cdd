"""Check a code: of the person's authenticator app, or one of their recovery codes. Each is good once."""

from uuid import UUID

from django.db import transaction

from apps.accounts.errors import CodeRefusedError
from apps.accounts.limits import ATTEMPTS_A_CODE, Attempt, begin_attempt, forgive_attempt
from apps.accounts.models import AuthenticatorApp, RecoveryCode, User
from apps.accounts.second_factor.one_time_codes import PURPOSE, matching_step
from apps.accounts.second_factor.recovery_codes import digest_of_code, is_recovery_code
from apps.kernel.audit.record import record
from apps.kernel.clock import now
from apps.kernel.errors import gettext_noop
from apps.kernel.storage.sealed_values import unseal

BY_APP = gettext_noop("authenticator app")
BY_RECOVERY_CODE = gettext_noop("recovery code")
BY_PASSKEY = gettext_noop("passkey")
BY_PASSWORD = gettext_noop("password")


def check_code(person: User, *, code: str, address: str) -> str:
    """Use the code up; BY_APP or BY_RECOVERY_CODE. Of two requests with one code, one succeeds.

    Raises CodeRefusedError, or TooManyAttemptsError from the sixth wrong code within a quarter of an hour.
    """
    attempt = code_attempt(person, address)
    begin_attempt(attempt)
    is_recovery = is_recovery_code(code)
    is_good = _use_recovery_code(person, code) if is_recovery else _use_app_code(person, code)
    if not is_good:
        record_refused_factor(person.pk, gettext_noop("wrong code"))
        raise CodeRefusedError
    forgive_attempt(attempt)
    return BY_RECOVERY_CODE if is_recovery else BY_APP


def code_attempt(person: User, address: str) -> Attempt:
    """All codes of one person count together, wherever they are asked for."""
    return Attempt("second_factor", str(person.pk), address, most=ATTEMPTS_A_CODE)


@transaction.atomic
def record_refused_factor(person_id: UUID | None, reason: str) -> None:
    """Keep that somebody tried; what they typed is not kept."""
    record("person.second_factor_failed", actor=None, target=person_id, detail={"reason": reason})


def _use_app_code(person: User, code: str) -> bool:
    app = AuthenticatorApp.objects.filter(owner_id=person.pk).first()
    if app is None:
        return False
    seed, at_s = unseal(app.sealed_seed, purpose=PURPOSE), int(now().timestamp())
    step = matching_step(seed, code, at_s=at_s, used_step=app.used_step)
    if step is None:
        return False
    # The condition holds again when the row is locked: somebody else may have used this code since it was read.
    unused = AuthenticatorApp.objects.filter(pk=app.pk, sealed_seed=app.sealed_seed, used_step__lt=step)
    return unused.update(used_step=step, updated_at=now()) == 1


@transaction.atomic
def _use_recovery_code(person: User, code: str) -> bool:
    codes = RecoveryCode.objects.filter(owner_id=person.pk, used_at=None)
    if codes.filter(digest=digest_of_code(code)).update(used_at=now(), updated_at=now()) != 1:
        return False
    record("recovery_code.used", actor=person, target=person.pk, detail={"left": codes.count()})
    return True
