"""A code by mail, for those of whom a risky sign-in asks more than they have: eight digits, ten minutes, good once.

The code is stored nowhere, not even as a digest: it is made from a key of the organization, the sign-in and the time of sending,
wherever it is needed. A code that is sent again replaces the one before.
"""

import hmac
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from django.db import transaction
from django.utils.crypto import constant_time_compare

from apps.accounts.errors import CodeRefusedError
from apps.accounts.events import StepUpCodeAsked
from apps.accounts.limits import Attempt, begin_attempt, forgive_attempt
from apps.accounts.models import JudgedSignIn, User
from apps.accounts.services.check_code import code_attempt, record_refused_factor
from apps.kernel.audit.record import record
from apps.kernel.clock import now
from apps.kernel.errors import gettext_noop
from apps.kernel.events.bus import publish
from apps.kernel.signing import keys_for
from apps.kernel.tenancy.context import current_tenant

CODE_LIFE = timedelta(minutes=10)
BY_MAILED_CODE = gettext_noop("mailed code")
MOST_MAILS = 4
"""In a quarter of an hour to one person, whoever asks."""
_DIGITS = 8
_PURPOSE = "accounts.mailed_code"


@transaction.atomic
def ask_for_mailed_code(person: User, *, sign_in_id: UUID, address: str) -> None:
    """Send a code for this sign-in; TooManyAttemptsError from the fifth of a quarter of an hour."""
    begin_attempt(Attempt("mailed_code", str(person.pk), address, most=MOST_MAILS))
    rows = JudgedSignIn.objects.filter(pk=sign_in_id, person_id=person.pk, came_in_at=None)
    if rows.update(code_sent_at=now(), code_used_at=None):
        record("mailed_code.sent", actor=None, target=person.pk)
        publish(StepUpCodeAsked(sign_in_id=sign_in_id))


def check_mailed_code(person: User, *, sign_in_id: UUID, code: str, address: str) -> None:
    """Use the code up. Of two requests with one code, one succeeds.

    Raises CodeRefusedError, or TooManyAttemptsError from the sixth wrong code of whatever kind within a quarter of an hour.
    """
    attempt = code_attempt(person, address)
    begin_attempt(attempt)
    if not _use(person, sign_in_id, "".join(code.split())):
        record_refused_factor(person.pk, gettext_noop("wrong code"))
        raise CodeRefusedError
    forgive_attempt(attempt)


def mailed_code(sign_in: JudgedSignIn) -> str:
    """The code of a sign-in to which one was sent."""
    return _codes(sign_in)[0]


def _codes(sign_in: JudgedSignIn) -> list[str]:
    """The code under the key that is used now, and under each retired one."""
    sent_at = sign_in.code_sent_at.isoformat() if sign_in.code_sent_at else ""
    text = f"{sign_in.pk}.{sent_at}".encode()
    digests = [
        hmac.new(key.encode(), text, sha256).digest() for key in keys_for(_PURPOSE, tenant_id=current_tenant().id)
    ]
    return [f"{int.from_bytes(digest[:16]) % 10**_DIGITS:0{_DIGITS}d}" for digest in digests]


def _use(person: User, sign_in_id: UUID, code: str) -> bool:
    at = now()
    unused = JudgedSignIn.objects.filter(pk=sign_in_id, person_id=person.pk, code_used_at=None)
    sign_in = unused.filter(code_sent_at__gt=at - CODE_LIFE).first()
    if sign_in is None or not _is_one_of(code, _codes(sign_in)):
        return False
    return unused.filter(code_sent_at=sign_in.code_sent_at).update(code_used_at=at) == 1


def _is_one_of(code: str, known_codes: list[str]) -> bool:
    """Every one is compared, so that the time taken does not say which key it was."""
    fits = [constant_time_compare(code, known) for known in known_codes]
    return any(fits)
