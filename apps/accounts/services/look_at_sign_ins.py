"""What people do about sign-ins that were judged: an administrator lets somebody in once, a person says "that was not me"."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from apps.accounts.errors import NeedsPersonError
from apps.accounts.events import SessionsEnded
from apps.accounts.models import ApiKey, BrowserSession, JudgedSignIn, TokenFamily, User
from apps.accounts.sign_ins import own_sign_ins, stopped_sign_ins
from apps.kernel.audit.record import record
from apps.kernel.clock import now
from apps.kernel.errors import NotFoundError
from apps.kernel.events.bus import publish

LET_IN_FOR = timedelta(minutes=30)


@transaction.atomic
def let_in_once(user: User, *, sign_in_id: UUID) -> JudgedSignIn:
    """The stopped sign-in, whose person may come in once within half an hour: with the same device, from the same country, and with a
    second factor. NeedsPersonError, NotAllowedError, NotFoundError.
    """
    if user.key_scopes is not None:
        raise NeedsPersonError
    stopped = stopped_sign_ins(user).select_for_update(of=("self",)).filter(pk=sign_in_id, is_enforced=True).first()
    if stopped is None:
        raise NotFoundError
    stopped.let_in_until, stopped.let_in_used_at = now() + LET_IN_FOR, None
    stopped.save(update_fields=["let_in_until", "let_in_used_at"])
    record("person.let_in_once", actor=user, target=stopped.person_id, detail={"device": stopped.device})
    return stopped


@transaction.atomic
def disown_sign_in(user: User, *, sign_in_id: UUID, kept: UUID | None) -> JudgedSignIn:
    """The sign-in that its person says was not theirs. Every other session, token and API key ends, and what it looked like is not known any more.

    Raises NeedsPersonError, NotFoundError.
    """
    sign_in = own_sign_ins(user).select_for_update(of=("self",)).filter(pk=sign_in_id).first()
    if sign_in is None:
        raise NotFoundError
    sign_in.disowned_at = now()
    sign_in.save(update_fields=["disowned_at"])
    own = BrowserSession.objects.filter(person_id=user.pk)
    (own if kept is None else own.exclude(pk=kept)).delete()
    TokenFamily.objects.filter(person_id=user.pk, revoked_at=None).update(revoked_at=now())
    ApiKey.objects.filter(owner_id=user.pk, revoked_at=None).update(revoked_at=now())
    record("person.sign_in_disowned", actor=user, target=user.pk, detail={"device": sign_in.device})
    publish(SessionsEnded(person_id=user.pk))
    return sign_in
