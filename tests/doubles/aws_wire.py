"""Servers on loopback that speak as much of S3 and KMS as the product uses, for real boto3."""

import base64
import json
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


@dataclass
class AwsWire:
    """Where it listens, what it holds, and whether it is broken just now."""

    url: str = ""
    objects: dict[str, bytes] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    contexts: list[dict[str, str]] = field(default_factory=list)
    is_broken: bool = False
    denies: bool = False
    denies_at_once: bool = False
    """Refuses a body before it is sent, and hangs up, as S3 does."""
    parts: dict[str, dict[int, bytes]] = field(default_factory=dict)
    """What has come of objects that are sent in parts, by upload."""
    callers: list[int] = field(default_factory=list)
    """The port at the other end, for each of `calls`: which connection it came on."""
    master_key: bytes = b"k" * 32


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wire: AwsWire

    def log_message(self, *_: object) -> None:
        """Silence."""

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        length = headers.get("content_length") or str(len(body))
        if "content_length" not in headers:
            self.send_header("Content-Length", length)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _note(self) -> None:
        self.wire.calls.append(f"{self.command} {self.path}")
        self.wire.callers.append(self.client_address[1])

    def handle_expect_100(self) -> bool:
        if not self.wire.denies_at_once:
            return super().handle_expect_100()
        self._note()
        # The body may come all the same or not: nobody can say where the next request begins.
        self._s3_fault(403, "AccessDenied", connection="close")
        return False

    def _body(self) -> bytes:
        data = self.rfile.read(int(self.headers["Content-Length"]))
        return _unchunked(data) if "aws-chunked" in self.headers.get("Content-Encoding", "") else data

    def _s3_fault(self, status: int, code: str, **headers: str) -> None:
        self._answer(status, f"<Error><Code>{code}</Code></Error>".encode(), content_type="application/xml", **headers)

    def _is_out_of_order(self) -> bool:
        self._note()
        # Looked at once: the test may mend it the moment this answer is out, and a request has one answer.
        if self.wire.is_broken:
            self._s3_fault(503, "SlowDown")
            return True
        if self.wire.denies:
            self._s3_fault(403, "AccessDenied")
            return True
        return False


class _S3(_Handler):
    def _key(self) -> str:
        return unquote(urlsplit(self.path).path).lstrip("/").partition("/")[2]

    def _query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(urlsplit(self.path).query, keep_blank_values=True).items()}

    def do_PUT(self) -> None:
        body, query = self._body(), self._query()
        if self._is_out_of_order():
            return
        if "uploadId" in query:
            self.wire.parts[query["uploadId"]][int(query["partNumber"])] = body
        else:
            self.wire.objects[self._key()] = body
        self._answer(200, ETag='"x"')

    def do_POST(self) -> None:
        self._body()
        query = self._query()
        if self._is_out_of_order():
            return
        if "uploads" in query:
            self.wire.parts[self._key()] = {}
            xml = f"<InitiateMultipartUploadResult><UploadId>{self._key()}</UploadId></InitiateMultipartUploadResult>"
        else:
            parts = self.wire.parts.pop(query["uploadId"])
            self.wire.objects[self._key()] = b"".join(parts[number] for number in sorted(parts))
            xml = "<CompleteMultipartUploadResult><ETag>x</ETag></CompleteMultipartUploadResult>"
        self._answer(200, xml.encode(), content_type="application/xml")

    def do_GET(self) -> None:
        if self._is_out_of_order():
            return
        query = self._query()
        if "list-type" in query or not self._key():
            self._list(query.get("prefix", ""))
            return
        content = self.wire.objects.get(self._key())
        if content is None:
            self._s3_fault(404, "NoSuchKey")
            return
        if asked := re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", "")):
            start, end = int(asked[1]), min(int(asked[2] or len(content)) + 1, len(content))
            place = f"bytes {start}-{end - 1}/{len(content)}"
            self._answer(206, content[start:end], ETag='"x"', content_range=place)
            return
        self._answer(200, content, ETag='"x"', Last_Modified=formatdate(usegmt=True))

    def do_HEAD(self) -> None:
        if self._is_out_of_order():
            return
        content = self.wire.objects.get(self._key())
        if content is None:
            self._answer(404)
        else:
            self._answer(200, ETag='"x"', Last_Modified=formatdate(usegmt=True), content_length=str(len(content)))

    def do_DELETE(self) -> None:
        if not self._is_out_of_order():
            self.wire.objects.pop(self._key(), None)
            self._answer(204)

    def _list(self, prefix: str) -> None:
        below = [key for key in sorted(self.wire.objects) if key.startswith(prefix)]
        folders = sorted(
            {prefix + key[len(prefix) :].partition("/")[0] + "/" for key in below if "/" in key[len(prefix) :]}
        )
        files = [key for key in below if "/" not in key[len(prefix) :]]
        parts = [f"<Contents><Key>{key}</Key><Size>1</Size></Contents>" for key in files]
        parts += [f"<CommonPrefixes><Prefix>{folder}</Prefix></CommonPrefixes>" for folder in folders]
        xml = f"<ListBucketResult><IsTruncated>false</IsTruncated>{''.join(parts)}</ListBucketResult>"
        self._answer(200, xml.encode(), content_type="application/xml")


class _Kms(_Handler):
    def do_POST(self) -> None:
        asked = json.loads(self._body())
        if self._is_out_of_order():
            return
        context = asked.get("EncryptionContext", {})
        self.wire.contexts.append(context)
        cipher, bound = AESGCM(self.wire.master_key), json.dumps(context, sort_keys=True).encode()
        if self.headers["X-Amz-Target"].endswith(".Encrypt"):
            sealed = b"n" * 12 + cipher.encrypt(b"n" * 12, base64.b64decode(asked["Plaintext"]), bound)
            answer = {"CiphertextBlob": base64.b64encode(sealed).decode(), "KeyId": asked["KeyId"]}
        else:
            sealed = base64.b64decode(asked["CiphertextBlob"])
            try:
                answer = {"Plaintext": base64.b64encode(cipher.decrypt(sealed[:12], sealed[12:], bound)).decode()}
            except InvalidTag:
                self._answer(
                    400, b'{"__type": "InvalidCiphertextException"}', content_type="application/x-amz-json-1.1"
                )
                return
        self._answer(200, json.dumps(answer).encode(), content_type="application/x-amz-json-1.1")


@contextmanager
def s3_wire() -> Iterator[AwsWire]:
    """An object store that is empty at first."""
    with _served(_S3) as wire:
        yield wire


@contextmanager
def kms_wire() -> Iterator[AwsWire]:
    """A key service with one master key. It binds what it wraps to the encryption context, as KMS does."""
    with _served(_Kms) as wire:
        yield wire


class _Server(ThreadingHTTPServer):
    """Hangs up on everyone when it closes: a kept connection would go on to be answered by a server that is no longer meant."""

    def __init__(self, handler: type[_Handler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self._kept: set[socket.socket] = set()

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        self._kept.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        self._kept.discard(request)
        super().shutdown_request(request)

    def server_close(self) -> None:
        super().server_close()
        for connection in tuple(self._kept):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


@contextmanager
def _served(handler: type[_Handler]) -> Iterator[AwsWire]:
    wire = AwsWire()
    server = _Server(type("Handler", (handler,), {"wire": wire}))
    wire.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield wire
    finally:
        server.shutdown()
        server.server_close()


def _unchunked(data: bytes) -> bytes:
    """The content of an aws-chunked body: size in hexadecimal, perhaps a signature, the bytes, again."""
    content = b""
    while data:
        head, _, data = data.partition(b"\r\n")
        size = int(head.partition(b";")[0] or b"0", 16)
        if not size:
            break
        content, data = content + data[:size], data[size + 2 :]
    return content
