"""Set up an authenticator app, and remove it."""

from django.db import transaction

from apps.accounts.errors import CodeRefusedError, HasSecondFactorError, NeedsPersonError
from apps.accounts.events import FactorChange, SecondFactorChanged
from apps.accounts.limits import begin_attempt, forgive_attempt
from apps.accounts.models import AuthenticatorApp, User
from apps.accounts.second_factor.one_time_codes import PURPOSE, matching_step
from apps.accounts.services.check_code import code_attempt, record_refused_factor
from apps.accounts.services.recovery_codes import first_recovery_codes
from apps.accounts.services.second_factor_rule import forget_codes_without_factor, refuse_going_without
from apps.kernel.audit.record import record
from apps.kernel.clock import now
from apps.kernel.errors import NotFoundError, gettext_noop
from apps.kernel.events.bus import publish
from apps.kernel.storage.sealed_values import seal

_NEVER = -1


def set_up_app(user: User, *, seed: str, code: str, address: str) -> list[str]:
    """Keep the seed that the app has shown to know; the first recovery codes, or none when there are some already.

    The code is used up by it. Raises NeedsPersonError, CodeRefusedError, TooManyAttemptsError, HasSecondFactorError.
    """
    if user.key_scopes is not None:
        raise NeedsPersonError
    attempt = code_attempt(user, address)
    begin_attempt(attempt)
    step = matching_step(seed, code, at_s=int(now().timestamp()), used_step=_NEVER)
    if step is None:
        record_refused_factor(user.pk, gettext_noop("wrong code"))
        raise CodeRefusedError
    forgive_attempt(attempt)
    return _keep(user, sealed_seed=seal(seed, purpose=PURPOSE), step=step)


@transaction.atomic
def remove_app(user: User) -> None:
    """NeedsPersonError, NotFoundError, and SecondFactorNeededError when the organization asks for one and this is the last."""
    if user.key_scopes is not None:
        raise NeedsPersonError
    owner = User.objects.select_for_update().get(pk=user.pk)
    app = AuthenticatorApp.objects.filter(owner=owner).first()
    if app is None:
        raise NotFoundError
    app.delete()
    refuse_going_without(owner)
    forget_codes_without_factor(owner)
    record("authenticator_app.removed", actor=user, target=user.pk)
    publish(SecondFactorChanged(person_id=owner.pk, change=FactorChange.APP_REMOVED))


@transaction.atomic
def _keep(user: User, *, sealed_seed: str, step: int) -> list[str]:
    owner = User.objects.select_for_update().get(pk=user.pk)
    if AuthenticatorApp.objects.filter(owner=owner).exists():
        raise HasSecondFactorError
    app = AuthenticatorApp.objects.create(owner=owner, sealed_seed=sealed_seed, used_step=step)
    record("authenticator_app.set_up", actor=user, target=app.pk)
    publish(SecondFactorChanged(person_id=owner.pk, change=FactorChange.APP_SET_UP))
    return first_recovery_codes(owner)
