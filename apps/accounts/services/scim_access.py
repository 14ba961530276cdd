"""The token with which a provider's directory comes: made, renewed, revoked, and found when it is shown."""

import hmac
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from apps.accounts.choices import ConnectionKind, SubjectSource
from apps.accounts.models import ExternalIdentity, SCIMAccess, SCIMPerson, User
from apps.accounts.models.api_key import digest_of, is_well_formed, new_token, prefix_of
from apps.accounts.selectors import connection_for
from apps.kernel.audit.record import record
from apps.kernel.clock import now
from apps.kernel.errors import NotFoundError

MARK = "aip_scim_"
LIFE = timedelta(days=365)
_NOTE_EVERY = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class IssuedAccess:
    """The row, and the token itself, which is nowhere else."""

    access: SCIMAccess
    token: str


@transaction.atomic
def issue_scim_token(user: User, *, connection_id: UUID) -> IssuedAccess:
    """A token for the directory of this connection; the one of before is dead from now on.

    Raises NotAllowedError, NotFoundError also for a directory that is asked by LDAP: two that name the same people would not agree.
    """
    connection = connection_for(user, connection_id)
    if connection.kind == ConnectionKind.LDAP:
        raise NotFoundError
    access = SCIMAccess.objects.select_for_update().filter(connection=connection).first()
    access = access or SCIMAccess(connection=connection)
    token = new_token(MARK)
    access.prefix, access.digest = prefix_of(token, MARK), digest_of(token)
    access.expires_at, access.last_used_at, access.revoked_at = now() + LIFE, None, None
    access.save()
    record(
        "scim.token_made",
        actor=user,
        target=connection.pk,
        detail={"connection": connection.name, "prefix": access.prefix},
    )
    return IssuedAccess(access, token)


@transaction.atomic
def revoke_scim_token(user: User, *, connection_id: UUID) -> None:
    """From now on the directory changes nothing here; its people stay as they are. NotAllowedError, NotFoundError."""
    access = _locked(user, connection_id)
    if access.revoked_at is not None:
        raise NotFoundError
    access.revoked_at = now()
    access.save(update_fields=["revoked_at", "updated_at"])
    detail = {"connection": access.connection.name, "prefix": access.prefix}
    record("scim.token_revoked", actor=user, target=access.connection_id, detail=detail)


@transaction.atomic
def choose_subject_source(user: User, *, connection_id: UUID, source: SubjectSource) -> None:
    """Say which attribute holds what the provider sends as a person's name at sign-in; the people who are here already follow.

    Raises NotAllowedError, NotFoundError.
    """
    access = _locked(user, connection_id)
    if access.subject_source == source:
        return
    access.subject_source = source
    access.save(update_fields=["subject_source", "updated_at"])
    people = list(SCIMPerson.objects.filter(connection_id=access.connection_id, removed_at=None))
    ours = ExternalIdentity.objects.filter(connection_id=access.connection_id)
    ours.filter(person__in=[row.person_id for row in people]).delete()
    taken = set(ours.values_list("subject", flat=True))
    ExternalIdentity.objects.bulk_create(
        ExternalIdentity(connection_id=access.connection_id, subject=subject, person_id=row.person_id)
        for row in people
        if (subject := subject_of(access, user_name=row.user_name, external_id=row.external_id))
        and subject not in taken
    )
    detail = {"connection": access.connection.name, "attribute": source.label}
    record("scim.subject_changed", actor=user, target=access.connection_id, detail=detail)


def subject_of(access: SCIMAccess, *, user_name: str, external_id: str) -> str:
    """What the provider will send at sign-in for this person; "" when the directory has not said it."""
    return external_id if access.subject_source == SubjectSource.EXTERNAL_ID else user_name


def use_scim_token(token: str) -> SCIMAccess | None:
    """The access that this token opens, noted as used; None for one that is unknown, revoked or expired."""
    if not is_well_formed(token, MARK):
        return None
    shown, at = digest_of(token), now()
    # Found by the part that is no secret; the secret is compared in constant time.
    candidates = SCIMAccess.objects.select_related("connection").filter(prefix=prefix_of(token, MARK))
    access = next((row for row in candidates if hmac.compare_digest(row.digest, shown)), None)
    if access is None or not access.is_usable(at):
        return None
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lt=at - _NOTE_EVERY)
    if access.last_used_at is None or access.last_used_at < at - _NOTE_EVERY:
        SCIMAccess.objects.filter(stale, pk=access.pk).update(last_used_at=at)
    return access


def _locked(user: User, connection_id: UUID) -> SCIMAccess:
    connection = connection_for(user, connection_id)
    rows = SCIMAccess.objects.select_for_update(of=("self",)).select_related("connection")
    access = rows.filter(connection=connection).first()
    if access is None:
        raise NotFoundError
    return access
