"""Which addresses may be called: a table of our own, because `is_global` lets translated and relayed ones pass."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import httpx
from django.conf import settings

from apps.kernel.outbound.errors import OutboundAddressError

IPAddress = IPv4Address | IPv6Address
IPNetwork = IPv4Network | IPv6Network

_CLOSED_V4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # this host
            "10.0.0.0/8",
            "100.64.0.0/10",  # carrier-grade NAT
            "127.0.0.0/8",
            "168.63.129.16/32",  # the host of an Azure machine
            "169.254.0.0/16",  # link-local, and where clouds keep a machine's credentials
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",  # relays of 6to4
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3",  # multicast, reserved, broadcast
        ),
    )
)
_OPEN_V6 = IPv6Network("2000::/3")  # the only global unicast space; mapped, NAT64, local and multicast lie outside it
_CLOSED_V6 = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # Teredo and other assignments of protocols
            "2001:db8::/32",
            "2002::/16",  # 6to4
            "3fff::/20",
        ),
    )
)
_LONGEST_URL = 2048
# Characters that readers of addresses disagree about: what is not here means the same to all.
_PLAIN_URL = re.compile(r"[A-Za-z0-9._~:/?\[\]@!$&'()*+,;=%-]+")
_HOST_NAME = re.compile(
    r"(?=.{1,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
)
# Other ways to write an IPv4 address (2130706433, 0x7f.1): to some readers a name, to some a number.
_NUMBER_LIKE = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)")
_HTTPS_PORT = 443


@dataclass(frozen=True, slots=True)
class Place:
    """A host and port, and whether the installation's operator named it as one that may be anywhere."""

    host: str
    port: int
    is_named: bool
    networks: tuple[IPNetwork, ...] = ()
    """Networks of the installation in which this place may lie as well."""


def checked_url(text: str) -> httpx.URL:
    """The address as it will be called; OutboundAddressError for one that can never be. No name is looked up."""
    if not 0 < len(text) <= _LONGEST_URL or not _PLAIN_URL.fullmatch(text):
        raise OutboundAddressError
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL as error:
        raise OutboundAddressError from error
    if url.userinfo or url.scheme not in {"https", "http"} or not url.host:
        raise OutboundAddressError
    place = place_of(url)
    if not place.is_named and (url.scheme != "https" or not _is_usual_port(place.port)):
        raise OutboundAddressError
    literal = literal_address(place.host)
    if literal is not None:
        refuse_closed(literal, place)
    elif not _HOST_NAME.fullmatch(place.host) or _NUMBER_LIKE.fullmatch(place.host):
        raise OutboundAddressError
    return url


def place_of(url: httpx.URL) -> Place:
    """Host and port of an address, with the usual port of its scheme."""
    usual = _HTTPS_PORT if url.scheme == "https" else 80
    return place_named(url.raw_host.decode("ascii"), usual if url.port is None else url.port)


def place_named(host: str, port: int) -> Place:
    """A place; OUTBOUND_ALLOWED names exceptions as `host:port`, by exact spelling."""
    host = host.lower().removesuffix(".")
    return Place(host, port, is_named=f"{host}:{port}" in settings.OUTBOUND_ALLOWED)


def literal_address(host: str) -> IPAddress | None:
    """The host as an IP address; None for a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def refuse_closed(address: IPAddress, place: Place) -> None:
    """OutboundAddressError for an address inside. A named place may lie on this machine as well; one with networks, in these."""
    is_inside = any(address in network for network in place.networks)
    if not is_public(address) and not is_inside and not (place.is_named and address.is_loopback):
        raise OutboundAddressError


def is_public(address: IPAddress) -> bool:
    """Is this the address of somebody else's server on the internet?"""
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _CLOSED_V4)
    return address.scope_id is None and address in _OPEN_V6 and not any(address in network for network in _CLOSED_V6)


def _is_usual_port(port: int) -> bool:
    return port == _HTTPS_PORT or 1024 <= port <= 65535
