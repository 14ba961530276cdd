"""Describe an organization's directory: where it is, who asks it, how it names people and groups."""

from dataclasses import dataclass, fields
from uuid import UUID

from django.db import transaction

from apps.accounts.choices import ConnectionKind
from apps.accounts.models import ExternalIdentity, LDAPDirectory, SSOConnection, User
from apps.accounts.selectors import connection_for
from apps.accounts.sso.ldap_directory import PASSWORD_PURPOSE
from apps.accounts.sso.ldap_errors import DirectoryPasswordNeededError
from apps.kernel.audit.record import record
from apps.kernel.errors import NotFoundError
from apps.kernel.storage.sealed_values import seal


@dataclass(frozen=True, slots=True)
class DirectoryFacts:
    """All that a directory needs but the password of its service account. The shape was checked by whoever read it."""

    servers: tuple[str, ...]
    transport: str
    ca_certificates: str
    bind_dn: str
    search_base: str
    user_filter: str
    id_attribute: str
    group_source: str
    group_base: str = ""
    member_attribute: str = "member"


# Whoever could redirect the stored password to a server of their own would read it.
_WHERE_PASSWORD_GOES = frozenset({"servers", "transport", "ca_certificates", "bind_dn"})


@transaction.atomic
def describe_directory(user: User, *, connection_id: UUID, facts: DirectoryFacts, password: str) -> SSOConnection:
    """Keep it. An empty password keeps the one that is there, unless it would go to another server, name or authority.

    With another identifying attribute nobody is known any more: people are found by their address once again.
    Raises NotAllowedError, NotFoundError also for a connection of another protocol, DirectoryPasswordNeededError.
    """
    connection = SSOConnection.objects.select_for_update().get(pk=connection_for(user, connection_id).pk)
    if connection.kind != ConnectionKind.LDAP:
        raise NotFoundError
    directory = LDAPDirectory.objects.filter(connection=connection).first() or LDAPDirectory(connection=connection)
    what = _changed(directory, facts)
    if password:
        directory.bind_password_sealed = seal(password, purpose=PASSWORD_PURPOSE)
        what.append("the service account's password")
    elif not directory.bind_password_sealed or _WHERE_PASSWORD_GOES & set(what):
        raise DirectoryPasswordNeededError
    if "id_attribute" in what:
        ExternalIdentity.objects.filter(connection=connection).delete()
    directory.save()
    detail = {"connection": connection.name, "what": ", ".join(what) or "nothing"}
    record("sso.connection_changed", actor=user, target=connection.pk, detail=detail)
    return connection


def _changed(directory: LDAPDirectory, facts: DirectoryFacts) -> list[str]:
    """Bring the row to the facts; the names of what is another than before."""
    what = []
    for fact in fields(facts):
        value = list(facts.servers) if fact.name == "servers" else getattr(facts, fact.name)
        if getattr(directory, fact.name) != value:
            setattr(directory, fact.name, value)
            what.append(fact.name)
    return what
