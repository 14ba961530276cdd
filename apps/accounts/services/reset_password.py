"""A forgotten password: a link by mail, then a new one. Asking says nothing about who has an account."""

import hashlib
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.crypto import constant_time_compare

from apps.accounts.errors import LinkNotValidError, TooManyAttemptsError
from apps.accounts.events import PasswordResetAsked, SessionsEnded
from apps.accounts.limits import Attempt, begin_attempt
from apps.accounts.models import User, normal_email
from apps.accounts.policies import may_sign_in_here
from apps.accounts.selectors import person_id_by_email, sign_in_policy
from apps.accounts.services.password_rules import refuse_weak_password
from apps.kernel.audit.record import record
from apps.kernel.events.bus import publish
from apps.kernel.identifiers import new_id
from apps.kernel.signing import InvalidSignatureError, sign, verify
from apps.kernel.tenancy.context import current_tenant

PURPOSE = "accounts.password_reset"


@transaction.atomic
def ask_for_reset(email: str, *, address: str) -> None:
    """Send a link if there is somebody to send it to; the caller learns nothing.

    Too many requests for one account or from one network end in silence as well: a refusal would fill nobody's mailbox,
    but would say that the account is being tried.
    """
    try:
        begin_attempt(Attempt("password_reset", normal_email(email), address))
    except TooManyAttemptsError:
        return
    person_id = person_id_by_email(email)
    record("person.password_reset_asked", actor=None, target=person_id)
    publish(PasswordResetAsked(person_id=person_id or new_id()))


@transaction.atomic
def begin_reset(person_id: UUID) -> User | None:
    """The active person who may use a link, whose links of before are dead now; None for anybody else, and for nobody.

    This is the background's part: while somebody waits for the answer, no row of theirs is touched, which would take its time.
    """
    person = User.objects.people().select_for_update().filter(pk=person_id, is_active=True).first()
    if person is None or not may_sign_in_here(person, sign_in_policy()):
        return None
    person.resets_asked += 1
    person.save(update_fields=["resets_asked", "updated_at"])
    return person


def reset_token(person: User) -> str:
    """What the link carries: the person a state that changes with each request and with the password: used and older links are dead."""
    return sign(f"{person.pk}.{_state_of(person)}", purpose=PURPOSE, tenant_id=current_tenant().id)


def person_behind(token: str) -> User:
    """The active person that the link is for; LinkNotValidError for every link that is not good."""
    return _person_behind(token, lock=False)


@transaction.atomic
def reset_password(token: str, *, password: str) -> User:
    """Set the new password and end every session; nobody is signed in by it. LinkNotValidError, WeakPasswordError."""
    person = _person_behind(token, lock=True)
    refuse_weak_password(password, person)
    person.set_password(password)
    person.session_epoch += 1
    person.save(update_fields=["password", "session_epoch", "updated_at"])
    record("person.password_reset", actor=person, target=person.pk)
    publish(SessionsEnded(person_id=person.pk))
    return person


def _person_behind(token: str, *, lock: bool) -> User:
    tenant_id, max_age_s = current_tenant().id, settings.PASSWORD_RESET_TIMEOUT
    try:
        value = verify(token, purpose=PURPOSE, tenant_id=tenant_id, max_age_s=max_age_s)
    except InvalidSignatureError as error:
        raise LinkNotValidError from error
    person_id, _dot, state = value.partition(".")
    people = User.objects.select_for_update() if lock else User.objects.all()
    person = people.filter(pk=person_id, is_active=True).first()
    if person is None or not constant_time_compare(state, _state_of(person)):
        raise LinkNotValidError
    return person


def _state_of(person: User) -> str:
    """With the address in it: a mailbox that is the person's no longer must not keep a key to the account."""
    address = hashlib.sha256(person.email_key.encode()).hexdigest()[:16]
    return f"{person.resets_asked}-{address}-{person.get_session_auth_hash()[:32]}"
