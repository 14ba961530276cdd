"""Which servers a directory may be on: what an administrator enters is asked from inside the installation's network."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.conf import settings

from apps.accounts.choices import LDAPTransport
from apps.accounts.sso.ldap_errors import LDAPFaultError
from apps.accounts.sso.ldap_socket import USUAL_PORTS
from apps.kernel.outbound.addresses import IPAddress, place_named
from apps.kernel.outbound.deadline import Deadline
from apps.kernel.outbound.errors import OutboundAddressError, OutboundError, OutboundTimeoutError
from apps.kernel.outbound.lookup import addresses_of

_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\]")
_DIRECTORY_PORTS = frozenset({389, 636, 3268, 3269})
_FIRST_FREE_PORT = 1024
MOST_SERVERS = 6


@dataclass(frozen=True, slots=True)
class ServerPlace:
    """A host, as its certificate must name it, and a port."""

    host: str
    port: int


def read_server(text: str, transport: LDAPTransport) -> ServerPlace:
    """From `host` or `host:port`, also with ldap:// or ldaps:// before it; ValueError for what is none."""
    text = text.strip().lower().removeprefix("ldaps://").removeprefix("ldap://").rstrip("/")
    found = re.fullmatch(rf"(?P<host>{_HOST.pattern})(:(?P<port>[0-9]{{1,5}}))?", text)
    if found is None:
        message = "no server"
        raise ValueError(message)
    port = int(found["port"] or USUAL_PORTS[transport])
    if port not in _DIRECTORY_PORTS and not _FIRST_FREE_PORT <= port < 2**16:
        message = "no port of a directory"
        raise ValueError(message)
    return ServerPlace(found["host"].strip("[]"), port)


def written(places: Iterable[ServerPlace]) -> list[str]:
    """As they are stored and shown."""
    return [f"[{place.host}]:{place.port}" if ":" in place.host else f"{place.host}:{place.port}" for place in places]


def permitted_addresses(place: ServerPlace, transport: LDAPTransport, deadline: Deadline) -> list[IPAddress]:
    """Where the server is, in public or in the networks that the installation names; without TLS on this machine alone.

    Raises LDAPFaultError.
    """
    asked = replace(place_named(place.host, place.port), is_named=False, networks=tuple(settings.DIRECTORY_NETWORKS))
    try:
        addresses = addresses_of(asked, deadline)
    except OutboundAddressError as error:
        raise LDAPFaultError("address_not_allowed") from error
    except OutboundTimeoutError as error:
        raise LDAPFaultError("too_slow") from error
    except OutboundError as error:
        raise LDAPFaultError("no_such_name") from error
    if not addresses:
        raise LDAPFaultError("no_such_name")
    is_plain = transport == LDAPTransport.PLAIN
    if is_plain and not (settings.DIRECTORY_PLAIN_ON_LOOPBACK and all(address.is_loopback for address in addresses)):
        raise LDAPFaultError("plain_not_allowed")
    return addresses
