"""Ask a directory whether it still knows its people, and end the access of those whom it does not.

Only a whole answer counts. A server that cannot be reached, refuses the service account or cuts its answer short changes nothing;
neither does one in which suddenly many are missing: that is a filter or a right that was changed, and an administrator looks at it.
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import F

from apps.accounts.choices import ConnectionKind
from apps.accounts.errors import LastAdministratorError
from apps.accounts.events import SessionsEnded
from apps.accounts.models import BrowserSession, ExternalIdentity, LDAPDirectory, TokenFamily, User
from apps.accounts.services.administrators import lock_with_administrators
from apps.accounts.services.deactivate import end_access
from apps.accounts.sso.ldap_conversation import Conversation
from apps.accounts.sso.ldap_directory import MOST_ASKED_AT_ONCE, ask, people_still_there
from apps.accounts.sso.ldap_entry import GONE, ShutOut
from apps.accounts.sso.ldap_errors import LDAPFaultError
from apps.kernel.audit.record import record
from apps.kernel.clock import now
from apps.kernel.events.bus import publish

MOST_A_ROUND = 1000
WHOLE_ROUND_S = 60.0
USUAL_LEAVERS = 5
USUAL_SHARE = 0.2
MANY_MISSING = "many_missing"


def follow_directory(connection_id: UUID) -> int:
    """Ask about up to a thousand people, those first who were not asked about for longest; how many have lost their access."""
    directory = (
        LDAPDirectory.objects.select_related("connection")
        .filter(connection_id=connection_id, connection__kind=ConnectionKind.LDAP, connection__is_enabled=True)
        .first()
    )
    if directory is None:
        return 0
    identities = list(
        ExternalIdentity.objects.filter(connection_id=connection_id, person__is_active=True).order_by(
            F("last_seen_there_at").asc(nulls_first=True), "pk"
        )[:MOST_A_ROUND]
    )
    try:
        gone = _gone(directory, identities)
    except LDAPFaultError as error:
        _note_trouble(directory, error.reason)
        return 0
    _note_trouble(directory, "")
    ids = [identity.pk for identity in identities]
    ExternalIdentity.objects.filter(pk__in=ids).update(last_seen_there_at=now())
    return sum(_end_access(directory, identity, why) for identity, why in gone)


def _gone(directory: LDAPDirectory, identities: Sequence[ExternalIdentity]) -> list[tuple[ExternalIdentity, str]]:
    """Who is missing or shut out for good. LDAPFaultError when that cannot be told."""
    if not identities:
        return []
    there = ask(directory, lambda opened: _there(directory, opened, identities), whole_s=WHOLE_ROUND_S)
    missing = [identity for identity in identities if identity.subject not in there]
    is_everybody = 1 < len(identities) == len(missing)
    if is_everybody or len(missing) > max(USUAL_LEAVERS, int(USUAL_SHARE * len(identities))):
        raise LDAPFaultError(MANY_MISSING)
    out = [
        (identity, str(there.get(identity.subject))) for identity in identities if there.get(identity.subject) in GONE
    ]
    return [*((identity, "missing") for identity in missing), *out]


def _there(
    directory: LDAPDirectory, opened: Conversation, identities: Sequence[ExternalIdentity]
) -> Mapping[str, ShutOut | None]:
    there: dict[str, ShutOut | None] = {}
    for start in range(0, len(identities), MOST_ASKED_AT_ONCE):
        subjects = [identity.subject for identity in identities[start : start + MOST_ASKED_AT_ONCE]]
        there.update(people_still_there(directory, opened, subjects, at=now()))
    return there


@transaction.atomic
def _end_access(directory: LDAPDirectory, identity: ExternalIdentity, why: str) -> bool:
    person = lock_with_administrators([identity.person_id])[identity.person_id]
    detail = {"connection": directory.connection.name, "reason": why}
    try:
        end_access(person, actor=None, detail=detail)
    except LastAdministratorError:
        return _end_sessions(person, detail)
    return True


def _end_sessions(person: User, detail: Mapping[str, str]) -> bool:
    """The last administrator stays one, but comes in again only by a way that is not the directory's."""
    families = TokenFamily.objects.filter(person_id=person.pk, revoked_at=None)
    is_in = BrowserSession.objects.filter(person_id=person.pk).exists() or families.exists()
    if not is_in:
        return False
    person.session_epoch += 1
    person.save(update_fields=["session_epoch", "updated_at"])
    BrowserSession.objects.filter(person_id=person.pk).delete()
    families.update(revoked_at=now())
    record("person.sessions_ended_by_directory", actor=None, target=person.pk, detail=dict(detail))
    publish(SessionsEnded(person_id=person.pk))
    return True


@transaction.atomic
def _note_trouble(directory: LDAPDirectory, reason: str) -> None:
    """Said once when it begins, and once when it is over; not every three minutes."""
    if directory.trouble != reason:
        detail = {"connection": directory.connection.name}
        if reason:
            detail["reason"] = reason
        record(
            "sso.directory_failed" if reason else "sso.directory_asked",
            actor=None,
            target=directory.connection_id,
            detail=detail,
        )
    directory.trouble = reason
    directory.last_asked_at = directory.last_asked_at if reason else now()
    directory.save(update_fields=["trouble", "last_asked_at", "updated_at"])
