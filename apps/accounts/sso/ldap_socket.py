"""The way to a directory: addresses that may be called, TLS that is checked, and bounds of time and size over all that is said."""

import socket
import ssl
from dataclasses import dataclass, field
from typing import Any

from ldap3 import Tls

from apps.accounts.choices import LDAPTransport
from apps.accounts.sso.ldap_errors import LDAPFaultError
from apps.kernel.outbound.deadline import Deadline
from apps.kernel.outbound.errors import OutboundTimeoutError

CONNECT_S = 3.0
MOST_BYTES = 2 * 1024 * 1024
USUAL_PORTS = {LDAPTransport.LDAPS: 636, LDAPTransport.STARTTLS: 389, LDAPTransport.PLAIN: 389}

_EXPIRED = frozenset({9, 10})  # OpenSSL: not valid yet, not valid any more
_OTHER_HOST = frozenset({62, 64})  # of another host name, of another address


@dataclass(slots=True)
class Line:
    """One connection's bounds, and what went wrong on it: the kit passes exceptions on as text."""

    host: str
    context: ssl.SSLContext
    deadline: Deadline
    is_private: bool = False
    """Has TLS begun, or is there nobody in between? A password is not sent before."""
    reason: str = ""
    received_bytes: int = field(default=0)

    def left_s(self, most_s: float) -> float:
        """Seconds that the next step may take."""
        try:
            return min(most_s, self.deadline.left_s())
        except OutboundTimeoutError as error:
            self.reason = "too_slow"
            raise TimeoutError from error


class BoundedSocket:
    """A socket that counts everything towards one end of time and one of size."""

    def __init__(self, inner: socket.socket, line: Line) -> None:
        self.inner = inner
        self._line = line

    def recv(self, size: int) -> bytes:
        """Some bytes."""
        self.inner.settimeout(self._line.left_s(CONNECT_S * 10))
        try:
            data = self.inner.recv(size)
        except TimeoutError:
            self._line.reason = "too_slow"
            raise
        self._line.received_bytes += len(data)
        if self._line.received_bytes > MOST_BYTES:
            self._line.reason = "too_large"
            message = "more than may be said"
            raise OSError(message)
        return data

    def sendall(self, data: bytes) -> None:
        """All of them."""
        self.inner.settimeout(self._line.left_s(CONNECT_S))
        self.inner.sendall(data)

    def shutdown(self, how: int) -> None:
        """Say goodbye."""
        self.inner.shutdown(how)

    def close(self) -> None:
        """Go."""
        self.inner.close()


class CheckedTls(Tls):  # type: ignore[misc]
    """TLS with the context and the host name of the line: the kit's own check knows no addresses and comes after the handshake."""

    def __init__(self, line: Line) -> None:
        super().__init__(validate=ssl.CERT_REQUIRED)
        self._line = line

    def wrap_socket(self, connection: Any, do_handshake: bool = False) -> None:  # noqa: FBT001, FBT002 - the kit's signature
        """Put TLS around the connection's socket; the certificate is checked before anything else is said."""
        del do_handshake
        open_socket = connection.socket
        inner = open_socket.inner if isinstance(open_socket, BoundedSocket) else open_socket
        inner.settimeout(self._line.left_s(CONNECT_S))
        try:
            wrapped = self._line.context.wrap_socket(inner, server_hostname=self._line.host)
        except (OSError, ValueError) as error:
            self._line.reason = _reason_of(error)
            raise
        connection.socket = BoundedSocket(wrapped, self._line)
        self._line.is_private = True


def tls_context(ca_certificates: str) -> ssl.SSLContext:
    """Trusts these authorities (PEM), else those of the system. LDAPFaultError "ca_certificates" for what are none."""
    try:
        context = ssl.create_default_context(cadata=ca_certificates or None)
    except (ssl.SSLError, ValueError) as error:
        raise LDAPFaultError("ca_certificates") from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _reason_of(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        if error.verify_code in _EXPIRED:
            return "certificate_expired"
        return "certificate_of_another" if error.verify_code in _OTHER_HOST else "certificate_not_trusted"
    return "too_slow" if isinstance(error, TimeoutError) else "tls_failed"
