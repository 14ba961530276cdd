"""Servers on loopback that speak as much of S3 and KMS as the product uses, for real boto3."""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
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
        # A connection an answer: what one request left unread cannot be taken for the answer to the next.
        self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _body(self) -> bytes:
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        return _unchunked(data) if "aws-chunked" in self.headers.get("Content-Encoding", "") else data

    def _s3_fault(self, status: int, code: str) -> None:
        self._answer(status, f"<Error><Code>{code}</Code></Error>".encode(), content_type="application/xml")

    def _is_out_of_order(self) -> bool:
        self.wire.calls.append(f"{self.command} {self.path}")
        if self.wire.is_broken:
            self._s3_fault(503, "SlowDown")
        elif self.wire.denies:
            self._s3_fault(403, "AccessDenied")
        return self.wire.is_broken or self.wire.denies


class _S3(_Handler):
    def _key(self) -> str:
        return unquote(urlsplit(self.path).path).lstrip("/").partition("/")[2]

    def do_PUT(self) -> None:
        body = self._body()
        if not self._is_out_of_order():
            self.wire.objects[self._key()] = body
            self._answer(200, ETag='"x"')

    def do_GET(self) -> None:
        if self._is_out_of_order():
            return
        query = parse_qs(urlsplit(self.path).query)
        if "list-type" in query or not self._key():
            self._list(query.get("prefix", [""])[0])
            return
        content = self.wire.objects.get(self._key())
        if content is None:
            self._s3_fault(404, "NoSuchKey")
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


@contextmanager
def _served(handler: type[_Handler]) -> Iterator[AwsWire]:
    wire = AwsWire()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (handler,), {"wire": wire}))
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
