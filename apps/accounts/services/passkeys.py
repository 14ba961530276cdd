"""Register a passkey, and remove it."""

from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.accounts.errors import NeedsPersonError, PasskeyRefusedError, TooManyPasskeysError
from apps.accounts.events import FactorChange, SecondFactorChanged
from apps.accounts.models import Passkey, User
from apps.accounts.second_factor.passkeys import (
    Asked,
    MadePasskey,
    PasskeyNotGoodError,
    RelyingParty,
    ask_to_register,
    check_registration,
)
from apps.accounts.selectors import passkey_for, second_factors_of
from apps.accounts.services.check_code import record_refused_factor
from apps.accounts.services.recovery_codes import first_recovery_codes
from apps.accounts.services.second_factor_rule import forget_codes_without_factor, refuse_going_without
from apps.accounts.services.use_passkey import PasskeyAnswer
from apps.kernel.audit.record import record
from apps.kernel.errors import gettext_noop
from apps.kernel.events.bus import publish

MOST_PASSKEYS_A_PERSON = 20
_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class RegisteredPasskey:
    """The row, and the first recovery codes, which are nowhere else; none when there are some already."""

    passkey: Passkey
    recovery_codes: list[str]


def ask_for_new_passkey(user: User, party: RelyingParty) -> Asked:
    """What to pass to the browser. NeedsPersonError, TooManyPasskeysError."""
    if user.key_scopes is not None:
        raise NeedsPersonError
    known = [passkey.credential_id for passkey in _refuse_more(user)]
    return ask_to_register(party, user_handle=user.pk.bytes, account=user.email, known_ids=known)


def register_passkey(user: User, given: PasskeyAnswer, *, name: str) -> RegisteredPasskey:
    """Keep the passkey under this name. NeedsPersonError, PasskeyRefusedError, TooManyPasskeysError."""
    if user.key_scopes is not None:
        raise NeedsPersonError
    if not given.challenge:
        raise PasskeyRefusedError
    try:
        made = check_registration(given.party, challenge=given.challenge, answer=given.answer)
        return _keep(user, made, host=given.party.host, name=name.strip()[:_LONGEST_NAME] or given.party.host)
    except (PasskeyNotGoodError, IntegrityError) as error:
        record_refused_factor(user.pk, gettext_noop("passkey not good"))
        raise PasskeyRefusedError from error


@transaction.atomic
def remove_passkey(user: User, *, passkey_id: UUID) -> Passkey:
    """The passkey that is no more. NeedsPersonError, NotFoundError, SecondFactorNeededError."""
    if user.key_scopes is not None:
        raise NeedsPersonError
    owner = User.objects.select_for_update().get(pk=user.pk)
    passkey = passkey_for(owner, passkey_id)
    Passkey.objects.filter(pk=passkey.pk).delete()
    refuse_going_without(owner)
    forget_codes_without_factor(owner)
    record("passkey.removed", actor=user, target=passkey_id, detail={"name": passkey.name})
    publish(SecondFactorChanged(person_id=owner.pk, change=FactorChange.PASSKEY_REMOVED))
    return passkey


@transaction.atomic
def _keep(user: User, made: MadePasskey, *, host: str, name: str) -> RegisteredPasskey:
    owner = User.objects.select_for_update().get(pk=user.pk)
    _refuse_more(owner)
    passkey = Passkey.objects.create(
        owner=owner,
        name=name,
        host=host,
        credential_id=made.credential_id,
        public_part=made.public_part,
        sign_count=made.sign_count,
    )
    record("passkey.registered", actor=user, target=passkey.pk, detail={"name": name})
    publish(SecondFactorChanged(person_id=owner.pk, change=FactorChange.PASSKEY_REGISTERED))
    return RegisteredPasskey(passkey, first_recovery_codes(owner))


def _refuse_more(owner: User) -> tuple[Passkey, ...]:
    passkeys = second_factors_of(owner).passkeys
    if len(passkeys) >= MOST_PASSKEYS_A_PERSON:
        raise TooManyPasskeysError(limit=MOST_PASSKEYS_A_PERSON)
    return passkeys
