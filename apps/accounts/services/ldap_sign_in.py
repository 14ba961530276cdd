"""Sign-in with a name and a password of the organization's directory, and the trial of it that signs nobody in.

The password is sent to the directory and forgotten. Whoever is unknown, disabled or has another password gets one answer, after as
many steps; that the directory cannot be asked is another one, which says nothing about anybody.
"""

from dataclasses import dataclass

from django.db import transaction

from apps.accounts.choices import ConnectionKind, SignInWay
from apps.accounts.errors import TooManyAttemptsError
from apps.accounts.limits import Attempt, begin_attempt, forgive_attempt
from apps.accounts.models import ExternalIdentity, LDAPDirectory, SSOConnection, User, normal_email
from apps.accounts.models.user import LONGEST_PASSWORD
from apps.accounts.selectors import sign_in_policy
from apps.accounts.services.admit_from_sso import admit_from_sso
from apps.accounts.services.judge_sign_in import Shown
from apps.accounts.services.sign_in import NextStep, PasswordAccepted, judged_step
from apps.accounts.sso.claims import Claims
from apps.accounts.sso.ldap_conversation import Conversation
from apps.accounts.sso.ldap_directory import (
    Count,
    ask,
    bind_service_account,
    claims_of_entry,
    knows_password,
    people_counted,
    person_identified,
    person_named,
)
from apps.accounts.sso.ldap_entry import shut_out
from apps.accounts.sso.ldap_errors import DirectoryRefusedError, DirectoryUnavailableError, LDAPFaultError
from apps.kernel.audit.record import record
from apps.kernel.clock import now

LONGEST_NAME = 256


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the directory said: claims, or why there are none."""

    claims: Claims | None
    reason: str = ""
    dn: str = ""


@dataclass(frozen=True, slots=True)
class _Question:
    """A name and a password, from an address."""

    directory: LDAPDirectory
    name: str
    password: str
    address: str

    def put(self, opened: Conversation) -> _Answer:
        """The whole conversation of a sign-in."""
        entry = person_named(self.directory, opened, self.name)
        reason = "wrong name or password"
        if entry and not self._may_be_tried(entry.dn):
            # Not told apart from a wrong password: that two names are counted as one would say that both are somebody's.
            entry, reason = None, "tried too often by several names"
        if not knows_password(self.directory, opened, entry, self.password) or entry is None:
            return _Answer(None, reason)
        if out := shut_out(entry, now()):
            return _Answer(None, out.value)
        bind_service_account(self.directory, opened)
        return _Answer(claims_of_entry(self.directory, opened, entry), dn=entry.dn)

    def _may_be_tried(self, dn: str) -> bool:
        try:
            begin_attempt(self.on_entry(dn))
        except TooManyAttemptsError:
            return False
        return True

    def on_entry(self, dn: str) -> Attempt:
        """Somebody is counted as one, by however many names they are tried."""
        return Attempt("directory_entry", f"{self.directory.pk}:{dn.casefold()}", self.address)


def ldap_sign_in(connection: SSOConnection, *, name: str, password: str, address: str) -> PasswordAccepted:
    """The person, and what they have to do next: a directory's password is a password, and a second factor is asked as after ours.

    Raises DirectoryRefusedError, DirectoryUnavailableError, NotAdmittedError, TooManyAttemptsError as the password form does.
    """
    directory: LDAPDirectory = connection.ldap_directory
    attempt = Attempt("sign_in", f"{connection.slug}:{normal_email(name)}", address)
    failures = begin_attempt(attempt)
    question = _Question(directory, name.strip(), password, address)
    claims, dn = _claims(connection, question)
    forgive_attempt(attempt)
    forgive_attempt(question.on_entry(dn))
    person = admit_from_sso(connection, claims, is_signed_in=False)
    shown = Shown(SignInWay.DIRECTORY, password=password, failures=failures)
    judgement, next_step = judged_step(person, shown, sign_in_policy())
    if judgement.is_stopped:
        raise DirectoryRefusedError
    is_in = next_step == NextStep.COME_IN
    with transaction.atomic():
        record(
            "person.signed_in_by_sso" if is_in else "person.directory_password_accepted",
            actor=person,
            target=person.pk,
            detail={"connection": connection.name, **judgement.detail},
        )
    return PasswordAccepted(person, next_step)


def knows_directory_password(person: User, password: str) -> bool:
    """Is this the password of the person's own entry in a directory that they came by? Nobody's, for who came by none.

    Raises DirectoryUnavailableError.
    """
    by_directory = ExternalIdentity.objects.filter(connection__kind=ConnectionKind.LDAP, connection__is_enabled=True)
    identity = by_directory.select_related("connection__ldap_directory").filter(person=person).first()
    if identity is None or not _is_password(password):
        return False
    directory, subject = identity.connection.ldap_directory, identity.subject

    def check(opened: Conversation) -> bool:
        entry = person_identified(directory, opened, subject)
        return knows_password(directory, opened, entry, password) and not (entry and shut_out(entry, now()))

    try:
        return ask(directory, check)
    except LDAPFaultError as error:
        _record_fault(identity.connection, error.reason)
        raise DirectoryUnavailableError(reason="") from error


def count_directory(connection: SSOConnection) -> Count:
    """How many people the connection's filter finds. Raises DirectoryUnavailableError with the reason."""
    directory: LDAPDirectory = connection.ldap_directory
    try:
        return ask(directory, lambda opened: people_counted(directory, opened))
    except LDAPFaultError as error:
        raise DirectoryUnavailableError(reason=error.reason) from error


def look_up(connection: SSOConnection, *, name: str) -> Claims | None:
    """What signing in by this name would claim, without a password; None when it finds nobody, or two, or somebody shut out.

    Raises DirectoryUnavailableError with the reason.
    """
    directory: LDAPDirectory = connection.ldap_directory

    def find(opened: Conversation) -> Claims | None:
        entry = person_named(directory, opened, name.strip())
        if entry is None or shut_out(entry, now()):
            return None
        return claims_of_entry(directory, opened, entry)

    if not _is_name(name):
        return None
    try:
        return ask(directory, find)
    except LDAPFaultError as error:
        raise DirectoryUnavailableError(reason=error.reason) from error


def _claims(connection: SSOConnection, question: _Question) -> tuple[Claims, str]:
    if not _is_name(question.name) or not _is_password(question.password):
        _record_refusal(connection, "wrong name or password")
        raise DirectoryRefusedError
    try:
        answer = ask(question.directory, question.put)
    except LDAPFaultError as error:
        _record_fault(connection, error.reason)
        raise DirectoryUnavailableError(reason="") from error
    if answer.claims is None:
        _record_refusal(connection, answer.reason)
        raise DirectoryRefusedError
    return answer.claims, answer.dn


def _is_password(password: str) -> bool:
    return 0 < len(password) <= LONGEST_PASSWORD


def _is_name(name: str) -> bool:
    """Text without control characters and halves of characters, and not too long: what is no name is not asked for."""
    return 0 < len(name.strip()) <= LONGEST_NAME and name.strip().isprintable()


@transaction.atomic
def _record_refusal(connection: SSOConnection, reason: str) -> None:
    # What was typed is not kept: people type passwords into the wrong field.
    detail = {"connection": connection.name, "reason": reason}
    record("sso.directory_refused", actor=None, target=connection.pk, detail=detail)


@transaction.atomic
def _record_fault(connection: SSOConnection, reason: str) -> None:
    detail = {"connection": connection.name, "reason": reason}
    record("sso.directory_failed", actor=None, target=connection.pk, detail=detail)
