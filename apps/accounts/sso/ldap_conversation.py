"""A conversation with one server of a directory, by ldap3: no referral is followed, no name is anonymous, no answer is taken on trust."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ldap3 import DEREF_NEVER, NONE, SIMPLE, SUBTREE, Connection, Server
from ldap3.core.exceptions import LDAPException

from apps.accounts.choices import LDAPTransport
from apps.accounts.sso.ldap_entry import Entry
from apps.accounts.sso.ldap_errors import LDAPFaultError
from apps.accounts.sso.ldap_places import ServerPlace, permitted_addresses
from apps.accounts.sso.ldap_socket import CONNECT_S, BoundedSocket, CheckedTls, Line, tls_context
from apps.kernel.outbound.addresses import IPAddress
from apps.kernel.outbound.deadline import Deadline

# Whatever a server can make the kit's reader of BER stumble over.
_BROKEN = (LDAPException, OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError)

_SUCCESS = 0
_SIZE_LIMIT = 4
_NO_SUCH_OBJECT = 32
_REFERRAL = 10
_BUSY = frozenset({51, 52})


@dataclass(frozen=True, slots=True)
class Found:
    """The entries of a search, and whether there are more than were asked for."""

    entries: tuple[Entry, ...]
    is_cut: bool


class Conversation:
    """With one server, within one deadline."""

    def __init__(self, connection: Connection, line: Line) -> None:
        self._connection = connection
        self._line = line

    def bind(self, dn: str, password: bytes) -> bool:
        """Is this the password of this name? It is not asked without either, for anonymous binds succeed, and not before TLS has begun.

        Raises LDAPFaultError when the server cannot say.
        """
        if not (dn and password and self._line.is_private):
            return False
        with _faults(self._line):
            self._connection.rebind(user=dn, password=password, authentication=SIMPLE, read_server_info=False)
            code = self._code("bindResponse")
        if code in _BUSY:
            raise LDAPFaultError("busy")
        return code == _SUCCESS

    def search(self, base: str, search_filter: str, *, attributes: Collection[str], most: int) -> Found:
        """Up to `most` entries below the base, in no order. References to other servers are left alone. Raises LDAPFaultError."""
        with _faults(self._line):
            self._connection.search(
                base,
                search_filter,
                search_scope=SUBTREE,
                dereference_aliases=DEREF_NEVER,
                attributes=list(attributes) or ["1.1"],
                size_limit=most,
                time_limit=max(1, int(self._line.left_s(60))),
            )
            code = self._code("searchResDone")
            answers = [answer for answer in self._connection.response or () if answer["type"] == "searchResEntry"]
            entries = tuple(_entry(answer) for answer in answers[:most])
        if code not in {_SUCCESS, _SIZE_LIMIT}:
            raise LDAPFaultError({_NO_SUCH_OBJECT: "no_base", _REFERRAL: "referred"}.get(code, "search_refused"))
        return Found(entries, is_cut=code == _SIZE_LIMIT or len(answers) > most)

    def close(self) -> None:
        """Hang up."""
        _close(self._connection)

    def _code(self, kind: str) -> int:
        result = self._connection.result
        if not isinstance(result, dict) or result["type"] != kind:
            message = "an answer to something else"
            raise ValueError(message)
        return int(result["result"])


@contextmanager
def conversation(
    place: ServerPlace, *, transport: LDAPTransport, ca_certificates: str, deadline: Deadline
) -> Iterator[Conversation]:
    """Open one with this server, on the first of its addresses that takes the call; closed afterwards. Raises LDAPFaultError."""
    addresses = permitted_addresses(place, transport, deadline)
    context = tls_context(ca_certificates)

    def opened(address: IPAddress) -> Conversation:
        line = Line(place.host, context, deadline, is_private=transport == LDAPTransport.PLAIN)
        return Conversation(_opened(str(address), place.port, transport, line), line)

    found = _first(opened, addresses)
    try:
        yield found
    finally:
        found.close()


def _first(opened: Callable[[IPAddress], Conversation], addresses: Sequence[IPAddress]) -> Conversation:
    for address in addresses[:-1]:
        try:
            return opened(address)
        except LDAPFaultError:
            continue
    return opened(addresses[-1])


def _opened(address: str, port: int, transport: LDAPTransport, line: Line) -> Connection:
    tls = CheckedTls(line)
    with _faults(line):
        is_tls_first = transport == LDAPTransport.LDAPS
        server = Server(
            address,
            port,
            use_ssl=is_tls_first,
            tls=tls,
            get_info=NONE,
            connect_timeout=line.left_s(CONNECT_S),
            allowed_referral_hosts=[],
        )
        connection = Connection(
            server,
            authentication=SIMPLE,
            user="-",
            password="-",  # noqa: S106 - never sent: every bind brings its own
            auto_referrals=False,
            check_names=False,
            auto_escape=False,
            return_empty_attributes=False,
            read_only=True,
        )
        try:
            connection.open(read_server_info=False)
            if not is_tls_first:
                connection.socket = BoundedSocket(connection.socket, line)
            if transport == LDAPTransport.STARTTLS:
                _start_tls(connection, line)
        except _BROKEN:
            _close(connection)
            raise
    return connection


def _start_tls(connection: Connection, line: Line) -> None:
    """Nothing is said before; a server that will not, or a hand in between that says so for it, is not spoken to at all."""
    try:
        connection.start_tls(read_server_info=False)
    except _BROKEN:
        line.reason = line.reason or "starttls_refused"
        raise


def _close(connection: Connection) -> None:
    """Without a word more: what a server has to say to "unbind" is nothing."""
    if connection.socket is not None:
        connection.strategy.close()


def _entry(answer: dict[str, Any]) -> Entry:
    dn = bytes(answer["raw_dn"]).decode()
    if not dn:
        message = "an entry without a name"
        raise ValueError(message)
    values: dict[str, tuple[bytes, ...]] = {}
    for name, found in answer["raw_attributes"].items():
        values[name.partition(";")[0].lower()] = tuple(found or ())
    return Entry(dn, values)


@contextmanager
def _faults(line: Line) -> Iterator[None]:
    try:
        yield
    except _BROKEN as error:
        is_silence = isinstance(error, LDAPException | OSError)
        raise LDAPFaultError(line.reason or ("no_answer" if is_silence else "not_readable")) from error
