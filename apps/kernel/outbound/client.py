"""The only HTTP client for addresses that people entered.

It calls public servers over TLS (or a place that OUTBOUND_ALLOWED names), follows no redirect, knows no proxy and no cookie, and
ends after one span of time and at one size, whatever the other side does. A name is looked up once a call: the addresses that were
checked are those that are connected to.
"""

import functools
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import certifi
import httpcore
import httpx

from apps.kernel.outbound.addresses import checked_url
from apps.kernel.outbound.connection import GuardedTransport
from apps.kernel.outbound.deadline import Deadline
from apps.kernel.outbound.errors import (
    OutboundRedirectError,
    OutboundTimeoutError,
    OutboundTooLargeError,
    OutboundUnreachableError,
    OutboundUnreadableError,
)

_NO_HEADERS: Mapping[str, str] = MappingProxyType({})
_OWN_HEADERS = {"User-Agent": "AI-Prism", "Accept-Encoding": "identity", "Connection": "close"}
# Before what they inherit from: the first that fits is raised.
_MEANINGS: tuple[tuple[type[Exception], type[Exception]], ...] = (
    (httpcore.TimeoutException, OutboundTimeoutError),
    (httpcore.ConnectError, OutboundUnreachableError),
    (httpcore.ProtocolError, OutboundUnreadableError),
    (httpcore.NetworkError, OutboundUnreadableError),
)


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long a whole call may take, in seconds, and how large its answer may be, in bytes."""

    total_s: float = 5.0
    size_bytes: int = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. `headers` has lower-case names."""

    status: int
    headers: Mapping[str, str]
    body: bytes


USUAL_BOUNDS = Bounds()


def get(url: str, *, headers: Mapping[str, str] = _NO_HEADERS, bounds: Bounds = USUAL_BOUNDS) -> Reply:
    """The answer to a GET, of any status but a redirect; OutboundError."""
    return _call("GET", url, headers=headers, body=None, bounds=bounds)


def post(url: str, *, body: bytes, headers: Mapping[str, str] = _NO_HEADERS, bounds: Bounds = USUAL_BOUNDS) -> Reply:
    """The answer to a POST of these bytes, of any status but a redirect; the headers name their type. OutboundError."""
    return _call("POST", url, headers=headers, body=body, bounds=bounds)


def _call(method: str, url: str, *, headers: Mapping[str, str], body: bytes | None, bounds: Bounds) -> Reply:
    deadline = Deadline(bounds.total_s)
    request = httpx.Request(method, checked_url(url), headers={**_OWN_HEADERS, **headers}, content=body)
    try:
        with GuardedTransport(deadline, _tls()) as transport:
            response = transport.handle_request(request)
            return Reply(response.status_code, MappingProxyType(dict(response.headers)), _body(response, bounds))
    except tuple(kind for kind, _meaning in _MEANINGS) as error:
        raise next(meaning for kind, meaning in _MEANINGS if isinstance(error, kind)) from error


def _body(response: httpx.Response, bounds: Bounds) -> bytes:
    if 300 <= response.status_code < 400:
        raise OutboundRedirectError
    if response.headers.get("content-encoding", "identity").lower() != "identity":
        raise OutboundUnreadableError
    found = bytearray()
    # What the answer says of its length is not asked: the bytes are counted.
    for part in response.iter_raw():
        found += part
        if len(found) > bounds.size_bytes:
            raise OutboundTooLargeError
    return bytes(found)


@functools.lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    """The system's authorities, and those of the client's own list where the system has none."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context
