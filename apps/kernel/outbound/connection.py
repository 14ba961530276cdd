"""The way onto the network: the address that was checked is the one that is connected to, and every step counts towards one end."""

import ssl
from collections.abc import Iterable, Iterator
from typing import Any

import httpcore
import httpx

from apps.kernel.outbound.addresses import place_named
from apps.kernel.outbound.deadline import Deadline
from apps.kernel.outbound.lookup import addresses_of


class GuardedTransport(httpx.BaseTransport):
    """One call's transport: no proxy, no connection kept, names looked up here and nowhere else."""

    def __init__(self, deadline: Deadline, tls: ssl.SSLContext) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls, max_connections=1, max_keepalive_connections=0, network_backend=_GuardedNetwork(deadline)
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The answer, its body not read yet."""
        asked = httpcore.Request(
            method=request.method,
            url=httpcore.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        reply = self._pool.handle_request(asked)
        return httpx.Response(reply.status, headers=reply.headers, stream=_Body(reply), extensions=reply.extensions)

    def close(self) -> None:
        """Close what is open."""
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, reply: httpcore.Response) -> None:
        self._reply = reply

    def __iter__(self) -> Iterator[bytes]:
        yield from self._reply.iter_stream()

    def close(self) -> None:
        self._reply.close()


class _GuardedNetwork(httpcore.NetworkBackend):
    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        self._network = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first of the name's checked addresses that takes the call."""
        del timeout
        addresses = addresses_of(place_named(host, port), self._deadline)
        for address in addresses[:-1]:
            try:
                # An equal share each, so that one that does not answer leaves time for the next.
                share_s = self._deadline.left_s() / len(addresses)
                return self._connected(str(address), port, share_s, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                continue
        return self._connected(str(addresses[-1]), port, self._deadline.left_s(), socket_options)

    def _connected(
        self, address: str, port: int, timeout_s: float, socket_options: Iterable[Any] | None
    ) -> httpcore.NetworkStream:
        stream = self._network.connect_tcp(address, port, timeout=timeout_s, socket_options=socket_options)
        return _TimedStream(stream, self._deadline)


class _TimedStream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        del timeout
        return self._stream.read(max_bytes, self._deadline.left_s())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        del timeout
        self._stream.write(buffer, self._deadline.left_s())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        del timeout
        return _TimedStream(
            self._stream.start_tls(ssl_context, server_hostname, self._deadline.left_s()), self._deadline
        )

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
