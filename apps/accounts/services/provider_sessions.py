"""Sessions that began at a provider: remembered by the provider's words, and ended by them."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from django.db import transaction

from apps.accounts.events import SessionsEnded
from apps.accounts.models import BrowserSession, ProviderSession, SSOConnection, TokenFamily
from apps.accounts.sso.saml_profile import SessionWords
from apps.kernel.audit.record import record
from apps.kernel.clock import now
from apps.kernel.events.bus import publish
from apps.kernel.storage.sealed_values import seal, unseal

_PURPOSE = "provider_session"


@transaction.atomic
def remember_provider_session(connection: SSOConnection, *, session_id: UUID, words: SessionWords) -> None:
    """Keep what the provider calls this session."""
    ProviderSession.objects.create(
        session_id=session_id,
        connection=connection,
        subject_digest=_digest(connection, words.subject),
        index_digest=_digest(connection, words.session_index) if words.session_index else "",
        words_sealed=seal(json.dumps(asdict(words)), purpose=_PURPOSE),
    )


def kept_words(connection: SSOConnection, words: SessionWords) -> str:
    """The same words, sealed, for the browser's half sign-in, until there is a session to remember them with."""
    return seal(json.dumps({"connection": str(connection.pk), **asdict(words)}), purpose=_PURPOSE)


def remember_kept_session(kept: str, *, session_id: UUID) -> None:
    """Remember what kept_words() kept; nothing when the connection is gone meanwhile."""
    values = json.loads(unseal(kept, purpose=_PURPOSE))
    connection = SSOConnection.objects.filter(pk=values.pop("connection")).first()
    if connection is not None:
        remember_provider_session(connection, session_id=session_id, words=SessionWords(**values))


def words_of_session(remembered: ProviderSession) -> SessionWords:
    """What the provider calls it."""
    return SessionWords(**json.loads(unseal(remembered.words_sealed, purpose=_PURPOSE)))


@transaction.atomic
def end_provider_sessions(connection: SSOConnection, *, subject: str, indexes: Sequence[str] = ()) -> int:
    """End the sessions of this connection that its provider calls so, all of the subject's without indexes; returns how many.

    A provider that names sessions alone ("" for the subject) ends those, whosever they are.
    """
    remembered = ProviderSession.objects.filter(connection=connection)
    if subject or not indexes:
        remembered = remembered.filter(subject_digest=_digest(connection, subject))
    if indexes:
        remembered = remembered.filter(index_digest__in=[_digest(connection, index) for index in indexes])
    ending = BrowserSession.objects.filter(provider_session__in=remembered).values_list("pk", "person_id")
    sessions = list(ending.select_for_update(of=("self",)))
    ids = [session_id for session_id, _person_id in sessions]
    TokenFamily.objects.filter(session_id__in=ids, revoked_at=None).update(revoked_at=now())
    BrowserSession.objects.filter(pk__in=ids).delete()
    for person_id in {person_id for _session_id, person_id in sessions if person_id is not None}:
        record("session.ended_by_provider", actor=None, target=person_id, detail={"connection": connection.name})
        publish(SessionsEnded(person_id=person_id))
    return len(ids)


def _digest(connection: SSOConnection, word: str) -> str:
    return hashlib.sha256(f"{connection.pk}\n{word}".encode()).hexdigest()
