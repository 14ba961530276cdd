"""Names to addresses: once a call, by DNS alone, each answer checked before anybody connects."""

from ipaddress import ip_address

import dns.exception
import dns.nameserver
import dns.resolver
from django.conf import settings

from apps.kernel.outbound.addresses import IPAddress, Place, literal_address, refuse_closed
from apps.kernel.outbound.deadline import Deadline
from apps.kernel.outbound.errors import OutboundTimeoutError, OutboundUnreachableError

_LONGEST_WAIT_S = 3.0
_MOST_TRIED = 4


def addresses_of(place: Place, deadline: Deadline) -> list[IPAddress]:
    """Up to four addresses to try, each of them allowed.

    One closed address among them refuses the name: which of several a program connects to is nobody's promise.
    Raises OutboundAddressError, OutboundUnreachableError, OutboundTimeoutError.
    """
    found = _found(place, deadline)
    for address in found:
        refuse_closed(address, place)
    return found[:_MOST_TRIED]


def _found(place: Place, deadline: Deadline) -> list[IPAddress]:
    literal = literal_address(place.host)
    if literal is not None:
        return [literal]
    if place.host == "localhost" or place.host.endswith(".localhost"):
        # RFC 6761: this machine, and no name server is asked.
        return [ip_address("127.0.0.1")]
    try:
        answers = _resolver().resolve_name(place.host, lifetime=min(_LONGEST_WAIT_S, deadline.left_s()), search=False)
    except dns.exception.Timeout as error:
        raise OutboundTimeoutError from error
    except dns.exception.DNSException as error:
        raise OutboundUnreachableError from error
    return sorted((ip_address(text) for text in answers.addresses()), key=lambda address: address.version)


def _resolver() -> dns.resolver.Resolver:
    resolver = dns.resolver.Resolver(configure=not settings.DNS_SERVERS)
    if settings.DNS_SERVERS:
        resolver.nameservers = [dns.nameserver.Do53Nameserver(*_server(text)) for text in settings.DNS_SERVERS]
    return resolver


def _server(text: str) -> tuple[str, int]:
    address, _colon, port = text.partition(":")
    return address, int(port or 53)
