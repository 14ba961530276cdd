"""A server on loopback that answers each path with the bytes it is told, at the pace it is told."""

import socketserver
import ssl
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import repeat
from pathlib import Path
from typing import Any


@dataclass
class OddServer:
    """Where it listens, what it was sent, and how it answers: path to parts of bytes, a pause after each part but the last."""

    port: int = 0
    replies: dict[str, Iterable[bytes]] = field(default_factory=dict)
    pause_s: float = 0.0
    heads: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    connections: int = 0

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.port}"

    def url(self, path: str, *, scheme: str = "http") -> str:
        return f"{scheme}://{self.place}{path}"


def plain(body: bytes, *, status: str = "200 OK", more: str = "", length: int | None = None) -> list[bytes]:
    """An ordinary answer; `length` is what it says of itself."""
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(body) if length is None else length}\r\n{more}\r\n"
    return [head.encode() + body]


def endless(part: bytes) -> Iterable[bytes]:
    """A body without a length that goes on."""
    yield b"HTTP/1.1 200 OK\r\n\r\n"
    yield from repeat(part)


@contextmanager
def odd_server(*, certificate: Path | None = None) -> Iterator[OddServer]:
    """A server on a free port for as long as the block lasts; with a certificate and key in one file it speaks TLS."""
    double = OddServer()
    is_over = threading.Event()

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            double.connections += 1
            head = b"".join(iter(self.rfile.readline, b"\r\n")).decode()
            double.heads.append(head)
            lengths = [line.split(":")[1] for line in head.lower().split("\r\n") if line.startswith("content-length:")]
            double.bodies.append(self.rfile.read(int(lengths[0])) if lengths else b"")
            for part in double.replies[head.split(" ")[1]]:
                self.wfile.write(part)
                if double.pause_s and is_over.wait(double.pause_s):
                    return

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

        def get_request(self) -> Any:
            connection, address = super().get_request()
            return (context.wrap_socket(connection, server_side=True), address) if context else (connection, address)

        def handle_error(self, *_: object) -> None:
            """A caller that hangs up is what these tests are about."""

    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    with Server(("127.0.0.1", 0), Handler) as server:
        double.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield double
        finally:
            is_over.set()
            server.shutdown()
            thread.join()
