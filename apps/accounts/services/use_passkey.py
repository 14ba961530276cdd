"""Ask for a passkey, and check what the authenticator answers."""

from dataclasses import dataclass

from django.db import transaction

from apps.accounts.errors import PasskeyRefusedError
from apps.accounts.limits import Attempt, begin_attempt, forgive_attempt
from apps.accounts.models import Passkey, User
from apps.accounts.second_factor.passkeys import (
    Asked,
    PasskeyNotGoodError,
    RelyingParty,
    ShownPasskey,
    ask_to_sign_in,
    check_sign_in,
    read_answer,
)
from apps.accounts.services.check_code import record_refused_factor
from apps.kernel.audit.record import record
from apps.kernel.clock import now
from apps.kernel.errors import gettext_noop


@dataclass(frozen=True, slots=True)
class PasskeyAnswer:
    """What a page sent: the answer as it came, the challenge that its browser was given ("" for none), and to whom it was sent."""

    answer: str
    challenge: str
    party: RelyingParty
    address: str


def ask_for_passkey(party: RelyingParty, *, address: str) -> Asked:
    """What to pass to the browser; the same for everybody. TooManyAttemptsError from the fifty-first unanswered one of a network."""
    begin_attempt(_attempt(address))
    return ask_to_sign_in(party)


def use_passkey(given: PasskeyAnswer, *, expected: User | None = None) -> User:
    """The active person whose passkey it is; with `expected`, that one alone. PasskeyRefusedError for everything else."""
    if not given.challenge:
        raise PasskeyRefusedError
    try:
        shown = read_answer(given.answer)
        person = _use(shown, given)
    except PasskeyNotGoodError as error:
        record_refused_factor(None, gettext_noop("passkey not good"))
        raise PasskeyRefusedError from error
    if person is None or not person.is_active or (expected is not None and person.pk != expected.pk):
        record_refused_factor(person.pk if person else None, gettext_noop("passkey of nobody who may"))
        raise PasskeyRefusedError
    forgive_attempt(_attempt(given.address))
    return person


@transaction.atomic
def _use(shown: ShownPasskey, given: PasskeyAnswer) -> User | None:
    keys = Passkey.objects.select_related("owner").select_for_update(of=("self",))
    passkey = keys.filter(credential_id=shown.credential_id).first()
    if passkey is None or shown.user_handle != passkey.owner.pk.bytes or passkey.used_challenge == given.challenge:
        return None
    count = check_sign_in(given.party, challenge=given.challenge, shown=shown, public_part=bytes(passkey.public_part))
    if count <= passkey.sign_count and (count or passkey.sign_count):
        # Two authenticators hold this passkey, or somebody replays: which of them is the person's nobody can tell.
        record("passkey.counter_went_back", actor=None, target=passkey.pk)
        return None
    passkey.sign_count, passkey.used_challenge, passkey.last_used_at = count, given.challenge, now()
    passkey.save(update_fields=["sign_count", "used_challenge", "last_used_at", "updated_at"])
    return passkey.owner


def _attempt(address: str) -> Attempt:
    return Attempt("passkey", "", address)
