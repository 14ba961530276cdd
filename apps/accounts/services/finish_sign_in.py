"""Come in: with a second factor after the password, or with a passkey, which is both."""

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from django.db import transaction

from apps.accounts.choices import SignInWay
from apps.accounts.circumstances import circumstances
from apps.accounts.errors import PasskeyRefusedError
from apps.accounts.models import JudgedSignIn, User
from apps.accounts.policies import may_sign_in_here
from apps.accounts.selectors import sign_in_policy
from apps.accounts.services.check_code import BY_PASSKEY, check_code, record_refused_factor
from apps.accounts.services.judge_sign_in import Shown, judge_sign_in
from apps.accounts.services.use_passkey import PasskeyAnswer, use_passkey
from apps.kernel.audit.record import DetailValue, record
from apps.kernel.clock import now
from apps.kernel.errors import gettext_noop


def finish_with_code(person: User, *, code: str, address: str, sign_in_id: UUID | None) -> User:
    """The person, whose session the caller then starts. CodeRefusedError, TooManyAttemptsError."""
    by = check_code(person, code=code, address=address)
    record_signed_in(person, by=by, sign_in_id=sign_in_id)
    return person


def finish_with_passkey(
    given: PasskeyAnswer, *, expected: User | None, sign_in_id: UUID | None = None, is_by_provider: bool = False
) -> User:
    """The person, whose session the caller then starts; after a password, or a provider's word, only the one whose it was.

    Raises PasskeyRefusedError, also when a passkey that came alone was stopped for its risk.
    """
    person = use_passkey(given, expected=expected)
    policy = sign_in_policy()
    if not is_by_provider and not may_sign_in_here(person, policy):
        record_refused_factor(person.pk, gettext_noop("single sign-on only"))
        raise PasskeyRefusedError
    detail: Mapping[str, DetailValue] = {}
    if expected is None:
        judgement = judge_sign_in(person, policy, Shown(SignInWay.PASSKEY, is_strong=True))
        if judgement.is_stopped:
            raise PasskeyRefusedError
        detail = judgement.detail
    record_signed_in(person, by=BY_PASSKEY, sign_in_id=sign_in_id, detail=detail)
    return person


@transaction.atomic
def record_signed_in(
    person: User,
    *,
    by: str,
    sign_in_id: UUID | None = None,
    detail: Mapping[str, DetailValue] = MappingProxyType({}),
) -> None:
    """Keep that somebody is in, and what they showed; from now on this browser and place are known ones of theirs."""
    record("person.signed_in", actor=person, target=person.pk, detail={"by": by, **detail})
    if sign_in_id is not None:
        rows = JudgedSignIn.objects.filter(pk=sign_in_id, person_id=person.pk)
        rows.update(came_in_at=now(), device_mark=circumstances().device_mark)
