"""Which of an organization's connections are to directories."""

from uuid import UUID

from apps.accounts.choices import ConnectionKind
from apps.accounts.models import SSOConnection, User
from apps.accounts.selectors import connection_for, is_described, sign_in_connections
from apps.accounts.sso.ldap_errors import DirectoryNotDescribedError
from apps.kernel.errors import NotFoundError


def directory_connection(slug: str) -> SSOConnection:
    """A directory that people can sign in with; NotFoundError else."""
    found = sign_in_connections().filter(slug=slug, kind=ConnectionKind.LDAP).exclude(ldap_directory=None)
    connection = found.select_related("ldap_directory").first()
    if connection is None:
        raise NotFoundError
    return connection


def directory_connection_for(user: User, connection_id: UUID) -> SSOConnection:
    """One connection to a directory, described or not; NotAllowedError, NotFoundError."""
    connection = connection_for(user, connection_id)
    if connection.kind != ConnectionKind.LDAP:
        raise NotFoundError
    return connection


def described_directory_for(user: User, connection_id: UUID) -> SSOConnection:
    """The same; DirectoryNotDescribedError while nobody has said where it is."""
    connection = directory_connection_for(user, connection_id)
    if not is_described(connection):
        raise DirectoryNotDescribedError
    return connection


def enabled_directories() -> list[UUID]:
    """The connections whose directories are asked who has left."""
    found = sign_in_connections().filter(kind=ConnectionKind.LDAP).exclude(ldap_directory=None)
    return list(found.values_list("pk", flat=True))
