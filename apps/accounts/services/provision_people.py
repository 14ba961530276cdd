"""People as a provider's directory wants them: made, changed, deactivated, removed. Nobody is ever deleted."""

from collections.abc import Callable
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from apps.accounts.capabilities import RoleName
from apps.accounts.errors import (
    AlreadyProvisionedError,
    DeactivatedHereError,
    MailDomainNotProvenError,
    NoMailAddressError,
    NotForProvisioningError,
)
from apps.accounts.events import PersonJoined
from apps.accounts.models import ExternalIdentity, SCIMAccess, SCIMPerson, User, normal_email
from apps.accounts.selectors import scim_person_for
from apps.accounts.services.administrators import lock_with_administrators
from apps.accounts.services.deactivate import end_access
from apps.accounts.services.follow_groups import follow_groups
from apps.accounts.services.reactivate import give_access_back
from apps.accounts.services.scim_access import subject_of
from apps.accounts.sso.admission import objection_to_address
from apps.accounts.sso.claims import Claims
from apps.accounts.sso.directory import PersonSaid
from apps.accounts.sso.groups import groups_in_force, meaning_of_groups
from apps.kernel.audit.record import record
from apps.kernel.clock import now
from apps.kernel.events.bus import publish

_LONGEST_NAME = 150
_COLUMNS = ("user_name", "external_id", "email", "name")


def provision_person(access: SCIMAccess, said: PersonSaid) -> SCIMPerson:
    """The row of somebody new to this directory. Who has an account with this address or subject already keeps it.

    Raises AlreadyProvisionedError, NoMailAddressError, MailDomainNotProvenError, DeactivatedHereError, NotForProvisioningError,
    LastAdministratorError.
    """
    try:
        return _provision(access, said)
    except IntegrityError:
        # The same person was made by another request a moment ago: now it is seen.
        return _provision(access, said)


@transaction.atomic
def change_provisioned(access: SCIMAccess, person_id: UUID, *, draw: Callable[[SCIMPerson], PersonSaid]) -> SCIMPerson:
    """The row after `draw` has said, from what holds now and is locked, how it shall be.

    Raises NotFoundError and what provision_person raises.
    """
    scim_person_for(access, person_id)
    person = lock_with_administrators([person_id])[person_id]
    row = scim_person_for(access, person_id)
    row.person = person
    said = draw(row)
    _refuse_taken(access, said, but=row)
    what = _apply(access, row, said)
    if what:
        _record(access, row, what=what)
    return row


@transaction.atomic
def remove_provisioned(access: SCIMAccess, person_id: UUID) -> None:
    """Deactivate the person, and forget their place in the directory; what they did stays. NotFoundError, LastAdministratorError."""
    scim_person_for(access, person_id)
    person = lock_with_administrators([person_id])[person_id]
    row = scim_person_for(access, person_id)
    row.person = person
    _set_active(access, row, is_active=False)
    row.memberships.all().delete()
    row.removed_at = now()
    row.save()
    ExternalIdentity.objects.filter(connection=access.connection, person=person).delete()
    record("person.provisioning_ended", actor=None, target=person.pk, detail={"connection": access.connection.name})


@transaction.atomic
def _provision(access: SCIMAccess, said: PersonSaid) -> SCIMPerson:
    _refuse_taken(access, said, but=None)
    person = _known(access, said)
    if person is None:
        return _newcomer(access, said)
    person = lock_with_administrators([person.pk])[person.pk]
    row = SCIMPerson.objects.filter(connection=access.connection, person=person).first()
    if row is None:
        row = SCIMPerson(connection=access.connection, person=person)
    elif row.removed_at is None:
        raise AlreadyProvisionedError(attribute="emails")
    row.person, row.removed_at = person, None
    _refuse_other_identity(access, said, person=person)
    _apply(access, row, said, is_active=said.is_active is not False)
    record("person.provisioning_begun", actor=None, target=person.pk, detail={"connection": access.connection.name})
    return row


def _known(access: SCIMAccess, said: PersonSaid) -> User | None:
    """By what the provider calls them at sign-in; else by an address in a proven domain."""
    subject = subject_of(access, user_name=said.user_name, external_id=said.external_id)
    identity = ExternalIdentity.objects.select_related("person").filter(connection=access.connection, subject=subject)
    if found := identity.first():
        return found.person
    _refuse_address(said.email)
    return User.objects.filter(email_key=normal_email(said.email)).first()


def _newcomer(access: SCIMAccess, said: PersonSaid) -> SCIMPerson:
    connection = access.connection
    meaning = meaning_of_groups(connection, groups_in_force(connection, (), person=None), person=None)
    person = User.objects.create_person(said.email, name=_name(said), role=meaning.role)
    follow_groups(person, connection=connection, meaning=meaning, actor=None)
    row = SCIMPerson(connection=connection, person=person)
    publish(PersonJoined(person_id=person.pk))
    detail = {"connection": connection.name, "role": person.role}
    record("person.provisioned", actor=None, target=person.pk, detail=detail)
    _apply(access, row, said, is_active=said.is_active is not False)
    return row


def _apply(access: SCIMAccess, row: SCIMPerson, said: PersonSaid, *, is_active: bool | None = None) -> list[str]:
    """Bring row, account and identity to what is said; the names of what changed. The person's row is locked."""
    person = row.person
    if person.role == RoleName.SYSTEM_ADMIN:
        raise NotForProvisioningError
    before = {name: row.said.get(name, "") for name in ("email", "name")}
    before |= {"user_name": row.user_name, "external_id": row.external_id}
    what = [name for name in _COLUMNS if before[name] != getattr(said, name)]
    row.user_name, row.external_id = said.user_name, said.external_id
    attributes = dict(said.attributes)
    if attributes != row.said.get("attributes", {}) and not what:
        what = ["attributes"]
    row.said = {"email": said.email, "name": said.name, "attributes": attributes}
    if "email" in what and said.email:
        _change_address(person, said.email)
    if "name" in what and said.name:
        person.name = _name(said)
    person.save(update_fields=["email", "name", "updated_at"])
    if what:
        _save(row)
        _keep_identity(access, row)
    _set_active(access, row, is_active=said.is_active if is_active is None else is_active)
    return what


def _save(row: SCIMPerson) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise AlreadyProvisionedError(attribute="userName") from error


def _change_address(person: User, email: str) -> None:
    if normal_email(email) != person.email_key:
        _refuse_address(email)
        if User.objects.filter(email_key=normal_email(email)).exclude(pk=person.pk).exists():
            raise AlreadyProvisionedError(attribute="emails")
    person.email = email


def _keep_identity(access: SCIMAccess, row: SCIMPerson) -> None:
    """The identity by which single sign-on then finds this person."""
    subject = subject_of(access, user_name=row.user_name, external_id=row.external_id)
    if not subject:
        return
    mine = ExternalIdentity.objects.filter(connection=access.connection, person=row.person).first()
    if mine is not None and mine.subject == subject:
        return
    if ExternalIdentity.objects.filter(connection=access.connection, subject=subject).exists():
        raise AlreadyProvisionedError(attribute=access.get_subject_source_display())
    mine = mine or ExternalIdentity(connection=access.connection, person=row.person)
    mine.subject = subject
    mine.save()


def _set_active(access: SCIMAccess, row: SCIMPerson, *, is_active: bool | None) -> None:
    person, detail = row.person, {"connection": access.connection.name}
    if is_active is None or is_active == person.is_active:
        return
    if person.role == RoleName.SYSTEM_ADMIN:
        raise NotForProvisioningError
    if is_active:
        if not row.is_deactivated_there:
            raise DeactivatedHereError
        give_access_back(person, actor=None, detail=detail)
    else:
        end_access(person, actor=None, detail=detail)
    row.is_deactivated_there = not is_active
    row.save(update_fields=["is_deactivated_there", "updated_at"])


def _refuse_taken(access: SCIMAccess, said: PersonSaid, *, but: SCIMPerson | None) -> None:
    others = SCIMPerson.objects.filter(connection=access.connection, removed_at=None)
    if but is not None:
        others = others.exclude(pk=but.pk)
    if others.filter(user_name_key=normal_email(said.user_name)).exists():
        raise AlreadyProvisionedError(attribute="userName")
    if said.external_id and others.filter(external_id=said.external_id).exists():
        raise AlreadyProvisionedError(attribute="externalId")


def _refuse_address(email: str) -> None:
    try:
        validate_email(email)
    except ValidationError as error:
        raise NoMailAddressError from error
    if objection_to_address(Claims(subject="", email=email)) is not None:
        raise MailDomainNotProvenError


def _refuse_other_identity(access: SCIMAccess, said: PersonSaid, *, person: User) -> None:
    """An address alone does not make somebody another person at the provider than they have signed in as."""
    subject = subject_of(access, user_name=said.user_name, external_id=said.external_id)
    theirs = ExternalIdentity.objects.filter(connection=access.connection, person=person).first()
    if subject and theirs is not None and theirs.subject != subject:
        raise AlreadyProvisionedError(attribute=access.get_subject_source_display())


def _name(said: PersonSaid) -> str:
    return (said.name or said.email.partition("@")[0])[:_LONGEST_NAME]


def _record(access: SCIMAccess, row: SCIMPerson, *, what: list[str]) -> None:
    detail = {"connection": access.connection.name, "what": ", ".join(what)}
    record("person.provisioning_changed", actor=None, target=row.person_id, detail=detail)
