"""A server that speaks just enough LDAP to misbehave as no real one does: two entries, referrals, silence, floods, garbage.

It answers on loopback, one thread a connection. What it is asked is kept: binds with their passwords, filters as they came.
"""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

BIND, SEARCH, EXTENDED, UNBIND = 0x60, 0x63, 0x77, 0x42
_START_TLS = b"1.3.6.1.4.1.1466.20037"

Answers = Sequence[bytes]
Behaviour = Callable[["LDAPWire", int, bytes], Answers]


def tlv(tag: int, *parts: bytes) -> bytes:
    """One element in BER."""
    value = b"".join(parts)
    if len(value) < 128:
        return bytes([tag, len(value)]) + value
    length = len(value).to_bytes((len(value).bit_length() + 7) // 8, "big")
    return bytes([tag, 128 + len(length)]) + length + value


def message(number: int, operation: bytes) -> bytes:
    """An LDAP message."""
    return tlv(0x30, tlv(0x02, number.to_bytes(2, "big")), operation)


def result(tag: int, code: int, *, text: str = "", more: bytes = b"") -> bytes:
    """The end of an operation."""
    return tlv(tag, tlv(0x0A, bytes([code])), tlv(0x04), tlv(0x04, text.encode()), more)


def bound(number: int, code: int = 0, *, text: str = "") -> bytes:
    return message(number, result(0x61, code, text=text))


def done(number: int, code: int = 0, *, referral: str = "") -> bytes:
    return message(number, result(0x65, code, more=tlv(0xA3, tlv(0x04, referral.encode())) if referral else b""))


def entry(number: int, dn: str | bytes, **attributes: list[str | bytes]) -> bytes:
    listed = b"".join(
        tlv(
            0x30, tlv(0x04, name.replace("_", "-").encode()), tlv(0x31, *(tlv(0x04, _bytes(value)) for value in values))
        )
        for name, values in attributes.items()
    )
    return message(number, tlv(0x64, tlv(0x04, _bytes(dn)), tlv(0x30, listed)))


def reference(number: int, *urls: str) -> bytes:
    return message(number, tlv(0x73, *(tlv(0x04, url.encode()) for url in urls)))


def extended(number: int, code: int = 0) -> bytes:
    return message(number, result(0x78, code))


def person(number: int, **changes: list[str | bytes]) -> bytes:
    """Lena, as OpenLDAP would send her."""
    values: dict[str, list[str | bytes]] = {
        "entryUUID": ["u-1"],
        "mail": ["lena@example.com"],
        "cn": ["Lena"],
        **changes,
    }
    return entry(number, "uid=lena,ou=people,dc=example,dc=com", **values)


class HangUpError(Exception):
    """A behaviour raises this to close the line."""


class HoldError(Exception):
    """A behaviour raises this to say nothing more until the caller has gone."""


@dataclass
class LDAPWire:
    """What it does for each operation, and what it was asked."""

    port: int = 0
    on_bind: Behaviour = field(default=lambda wire, number, _content: [bound(number, wire.verdict())])
    on_search: Behaviour = field(default=lambda _wire, number, _content: [person(number), done(number)])
    on_extended: Behaviour = field(default=lambda _wire, number, _content: [extended(number, 2)])
    on_connect: Callable[[socket.socket], None] = field(default=lambda _line: None)
    password: bytes = b"correct horse battery staple"
    service: bytes = b"service-password"
    binds: list[tuple[str, bytes]] = field(default_factory=list)
    searches: list[bytes] = field(default_factory=list)
    connections: int = 0

    @property
    def server(self) -> str:
        return f"localhost:{self.port}"

    def verdict(self) -> int:
        """The code for the newest bind."""
        return 0 if self.binds[-1][1] in {self.password, self.service} else 49


@contextmanager
def ldap_wire(*, tls: ssl.SSLContext | None = None) -> Iterator[LDAPWire]:
    """One that behaves, until a test says otherwise."""
    wire = LDAPWire()
    listener = socket.create_server(("127.0.0.1", 0))
    wire.port = listener.getsockname()[1]
    threads: list[threading.Thread] = []

    def accept() -> None:
        with suppress(OSError):
            while True:
                line, _address = listener.accept()
                wire.connections += 1
                thread = threading.Thread(target=_serve, args=(wire, line, tls), daemon=True)
                threads.append(thread)
                thread.start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield wire
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for thread in threads:
            thread.join(timeout=20)


def _serve(wire: LDAPWire, plain: socket.socket, tls: ssl.SSLContext | None) -> None:
    line: socket.socket = plain
    with suppress(OSError, HangUpError, IndexError):  # what is no LDAP ends the conversation
        plain.settimeout(20)
        try:
            wire.on_connect(plain)
        except HoldError:
            _hold(plain)
        line = tls.wrap_socket(plain, server_side=True) if tls else plain
        while asked := _message(line):
            number, operation, content = asked
            if operation == UNBIND:
                break
            try:
                answers = _answers(wire, number, operation, content)
            except HoldError:
                _hold(line)
                break
            for answer in answers:
                line.sendall(answer)
    line.close()


def _hold(line: socket.socket) -> None:
    """Hear everything and say nothing, until the caller has gone."""
    while line.recv(4096):
        pass


def _answers(wire: LDAPWire, number: int, operation: int, content: bytes) -> Answers:
    if operation == BIND:
        _tag, _version, rest = _element(content)
        _tag, name, rest = _element(rest)
        _tag, password, _rest = _element(rest)
        wire.binds.append((name.decode(), password))
        return wire.on_bind(wire, number, content)
    if operation == SEARCH:
        wire.searches.append(content)
        return wire.on_search(wire, number, content)
    return wire.on_extended(wire, number, content)


def _message(line: socket.socket) -> tuple[int, int, bytes] | None:
    head = _exactly(line, 2)
    if len(head) < 2:
        return None
    length = head[1]
    if length > 127:
        length = int.from_bytes(_exactly(line, length - 128), "big")
    body = _exactly(line, length)
    _tag, number, rest = _element(body)
    operation, content, _rest = _element(rest) if rest[0] != UNBIND else (UNBIND, b"", b"")
    return int.from_bytes(number, "big"), operation, content


def _element(data: bytes) -> tuple[int, bytes, bytes]:
    length, start = data[1], 2
    if length > 127:
        start = 2 + length - 128
        length = int.from_bytes(data[2:start], "big")
    return data[0], data[start : start + length], data[start + length :]


def _exactly(line: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size and (more := line.recv(size - len(data))):
        data += more
    return data


def _bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode()
