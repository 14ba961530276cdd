"""Does a domain's DNS hold our record? Asked of the system's resolvers, or of those that PRISM_DNS_SERVERS names."""

import dns.exception
import dns.nameserver
import dns.resolver
from django.conf import settings

_LONGEST_WAIT_S = 5.0


def holds_record(domain: str, record: str) -> bool:
    """Is this text among the domain's TXT records? False as well when nobody answers within five seconds."""
    resolver = dns.resolver.Resolver(configure=not settings.DNS_SERVERS)
    if settings.DNS_SERVERS:
        resolver.nameservers = [dns.nameserver.Do53Nameserver(*_place(server)) for server in settings.DNS_SERVERS]
    try:
        answers = resolver.resolve(domain, "TXT", lifetime=_LONGEST_WAIT_S, search=False)
    except dns.exception.DNSException:
        return False
    return any(b"".join(answer.strings) == record.encode() for answer in answers)


def _place(server: str) -> tuple[str, int]:
    address, _colon, port = server.partition(":")
    return address, int(port or 53)
