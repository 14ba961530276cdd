"""What is asked of a directory: one person by name, their password, their groups, how many there are, who is still there."""

import secrets
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.conf import settings

from apps.accounts.choices import GroupSource, LDAPTransport, ProviderPreset
from apps.accounts.models import LDAPDirectory
from apps.accounts.sso.attributes import names_of
from apps.accounts.sso.claims import Claims
from apps.accounts.sso.ldap_conversation import Conversation, Found, conversation
from apps.accounts.sso.ldap_entry import STATE_ATTRIBUTES, Entry, ShutOut, assertion_of, shut_out, subject_of
from apps.accounts.sso.ldap_errors import LDAPFaultError
from apps.accounts.sso.ldap_filter import escaped, filter_for, filter_for_everybody
from apps.accounts.sso.ldap_names import group_names
from apps.accounts.sso.ldap_places import read_server
from apps.accounts.sso.ldap_turns import Turns
from apps.kernel.outbound.deadline import Deadline
from apps.kernel.storage.sealed_values import unseal

PASSWORD_PURPOSE = "ldap_service_account"  # noqa: S105 - what it is sealed for
MOST_COUNTED = 1000
MOST_GROUPS = 1000
MOST_ASKED_AT_ONCE = 50
_IN_CHAIN = "1.2.840.113556.1.4.1941"

_turns = Turns()

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Count:
    """So many, or at least so many."""

    people: int
    is_more: bool


def ask(directory: LDAPDirectory, question: Callable[[Conversation], T], *, whole_s: float | None = None) -> T:
    """The answer of the first server that can give one; its service account has signed in before.

    All servers together have `whole_s`, by default DIRECTORY_TIMEOUT_S. Raises the last server's LDAPFaultError, or "crowded" while
    too many are waiting for this directory already.
    """
    with _turns.turn(directory.pk):
        return _answer(directory, question, whole_s=whole_s or settings.DIRECTORY_TIMEOUT_S)


def bind_service_account(directory: LDAPDirectory, opened: Conversation) -> None:
    """LDAPFaultError "service_account" when it is refused."""
    password = unseal(directory.bind_password_sealed, purpose=PASSWORD_PURPOSE).encode()
    if not opened.bind(directory.bind_dn, password):
        raise LDAPFaultError("service_account")


def person_named(directory: LDAPDirectory, opened: Conversation, name: str) -> Entry | None:
    """The one entry that this name finds; None for none as for two."""
    if directory.connection.preset == ProviderPreset.ACTIVE_DIRECTORY:
        name = name.rpartition("\\")[2]
    asked = filter_for(directory.user_filter, name)
    return _only(opened.search(directory.search_base, asked, attributes=_wanted(directory), most=2))


def person_identified(directory: LDAPDirectory, opened: Conversation, subject: str) -> Entry | None:
    """The one entry with this identifier, if some name would still find it; None else."""
    everybody, wanted = filter_for_everybody(directory.user_filter), _wanted(directory)
    asked = f"(&{everybody}{assertion_of(subject, directory.id_attribute)})"
    return _only(opened.search(directory.search_base, asked, attributes=wanted, most=2))


def knows_password(directory: LDAPDirectory, opened: Conversation, entry: Entry | None, password: str) -> bool:
    """Is this the password of this entry? For nobody the directory is asked as well, so that the answer takes as many steps.

    The name that binds is the one that the directory sent, never one made of what somebody typed.
    """
    dn = entry.dn if entry else f"cn={secrets.token_hex(16)},{directory.search_base}"
    return opened.bind(dn, password.encode()) and entry is not None


def claims_of_entry(directory: LDAPDirectory, opened: Conversation, entry: Entry) -> Claims:
    """The entry as claims; `opened` must be bound as the service account, for groups may have to be searched."""
    names = names_of(directory.connection)
    groups = group_names(directory, _groups(directory, opened, entry))
    shown = {name: entry.texts(name) for name in _wanted(directory) if entry.texts(name)}
    return Claims(
        subject=subject_of(entry, directory.id_attribute),
        email=entry.text(names.email),
        name=entry.text(names.name),
        groups=groups,
        attributes={**shown, names.groups: tuple(sorted(groups))} if groups else shown,
    )


def people_counted(directory: LDAPDirectory, opened: Conversation) -> Count:
    """How many people some name would find, as far as one answer of this directory goes."""
    everybody = filter_for_everybody(directory.user_filter)
    found = opened.search(directory.search_base, everybody, attributes=(), most=MOST_COUNTED)
    return Count(len(found.entries), is_more=found.is_cut)


def people_still_there(
    directory: LDAPDirectory, opened: Conversation, subjects: Collection[str], *, at: datetime
) -> Mapping[str, ShutOut | None]:
    """Those of these subjects whom the directory would still let sign in by name, and how it has shut them out; at most 50 at once.

    LDAPFaultError also for an answer that is not whole: who is missing in it is not known to be gone.
    """
    asked = "".join(assertion_of(subject, directory.id_attribute) for subject in subjects)
    search_filter = f"(&{filter_for_everybody(directory.user_filter)}(|{asked}))"
    wanted = (directory.id_attribute, *STATE_ATTRIBUTES)
    most = 2 * MOST_ASKED_AT_ONCE
    found = opened.search(directory.search_base, search_filter, attributes=wanted, most=most)
    if found.is_cut:
        raise LDAPFaultError("too_large")
    return {subject_of(entry, directory.id_attribute): shut_out(entry, at) for entry in found.entries}


def _answer(directory: LDAPDirectory, question: Callable[[Conversation], T], *, whole_s: float) -> T:
    """A service account that is refused is not tried elsewhere: that would lock it."""
    transport, deadline = LDAPTransport(directory.transport), Deadline(whole_s)
    fault = LDAPFaultError("no_answer")
    for text in directory.servers:
        place = read_server(text, transport)
        try:
            with conversation(
                place, transport=transport, ca_certificates=directory.ca_certificates, deadline=deadline
            ) as opened:
                return _asked(directory, opened, question)
        except LDAPFaultError as error:
            fault = error
            if error.reason == "service_account":
                break
    raise fault


def _asked(directory: LDAPDirectory, opened: Conversation, question: Callable[[Conversation], T]) -> T:
    bind_service_account(directory, opened)
    return question(opened)


def _only(found: Found) -> Entry | None:
    return found.entries[0] if len(found.entries) == 1 and not found.is_cut else None


def _wanted(directory: LDAPDirectory) -> tuple[str, ...]:
    names = names_of(directory.connection)
    groups = (names.groups,) if directory.group_source == GroupSource.MEMBER_OF else ()
    wanted = (directory.id_attribute, names.email, names.name, *groups, *STATE_ATTRIBUTES)
    return tuple(dict.fromkeys(name for name in wanted if name))


def _groups(directory: LDAPDirectory, opened: Conversation, entry: Entry) -> tuple[str, ...]:
    if directory.group_source == GroupSource.MEMBER_OF:
        return entry.texts(names_of(directory.connection).groups)
    rule = f":{_IN_CHAIN}:" if directory.group_source == GroupSource.NESTED else ""
    asked = f"({directory.member_attribute}{rule}={escaped(entry.dn.encode())})"
    base = directory.group_base or directory.search_base
    found = opened.search(base, asked, attributes=(), most=MOST_GROUPS)
    return tuple(group.dn for group in found.entries)
