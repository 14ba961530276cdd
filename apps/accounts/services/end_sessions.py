"""End sessions: the row is removed, so the browser is nobody from its next request on, and its sockets close within seconds."""

from uuid import UUID

from django.db import transaction

from apps.accounts.events import SessionsEnded
from apps.accounts.models import BrowserSession, TokenFamily, User
from apps.accounts.selectors import sessions_of
from apps.accounts.services.administrators import lock_person
from apps.kernel.audit.record import record
from apps.kernel.clock import now
from apps.kernel.errors import NotFoundError
from apps.kernel.events.bus import publish


@transaction.atomic
def end_session(user: User, *, session_id: UUID) -> None:
    """End one of one's own sessions. NeedsPersonError for an API key, NotFoundError for a session that is not one's own."""
    session = sessions_of(user).select_for_update(of=("self",)).filter(pk=session_id).first()
    if session is None:
        raise NotFoundError
    session.delete()
    TokenFamily.objects.filter(session_id=session_id, revoked_at=None).update(revoked_at=now())
    record("session.ended", actor=user, target=user.pk, detail={"device": session.device})
    publish(SessionsEnded(person_id=user.pk))


@transaction.atomic
def end_other_sessions(user: User, *, kept: UUID | None) -> int:
    """End all of one's own sessions but `kept`; returns how many there were. NeedsPersonError for an API key."""
    own = sessions_of(user)
    others = own if kept is None else own.exclude(pk=kept)
    families = TokenFamily.objects.filter(person_id=user.pk, revoked_at=None)
    # Programs that signed in by themselves end as well: this is for whoever fears that somebody else is in.
    families.exclude(session_id=kept, session_id__isnull=False).update(revoked_at=now())
    ended, _by_model = BrowserSession.objects.filter(pk__in=others.values("pk")).delete()
    if ended:
        record("session.others_ended", actor=user, target=user.pk, detail={"count": ended})
        publish(SessionsEnded(person_id=user.pk))
    return ended


@transaction.atomic
def end_all_sessions(user: User, *, person_id: UUID) -> User:
    """The person, who is signed out everywhere and may sign in again. Raises NotAllowedError, NotFoundError."""
    person = lock_person(user, person_id)
    person.session_epoch += 1
    person.save(update_fields=["session_epoch", "updated_at"])
    BrowserSession.objects.filter(person_id=person.pk).delete()
    record("session.all_ended", actor=user, target=person.pk)
    publish(SessionsEnded(person_id=person.pk))
    return person
