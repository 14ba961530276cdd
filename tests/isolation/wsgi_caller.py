"""Requests through the product's own WSGI application, as a server's threads make them."""

import io
from dataclasses import dataclass
from typing import Any
from wsgiref.util import setup_testing_defaults

from config.wsgi import application


@dataclass(frozen=True)
class Answer:
    """What came back, whole."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def everything(self) -> str:
        """Body and headers as one text, for whoever looks for something in it."""
        return self.body.decode("utf-8", "replace") + repr(self.headers)


def call(host: str, path: str, *, method: str = "GET", headers: dict[str, str] | None = None) -> Answer:
    """One request; the connection is given back as after a real one."""
    path, _, query = path.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "HTTP_HOST": host,
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.input": io.BytesIO(),
        "wsgi.multithread": True,
    }
    for name, value in (headers or {}).items():
        environ["HTTP_" + name.upper().replace("-", "_")] = value
    setup_testing_defaults(environ)
    begun: list[Any] = []

    def start(status: str, given: list[tuple[str, str]], exc_info: Any = None) -> Any:
        del exc_info
        begun[:] = [int(status.split(maxsplit=1)[0]), given]

    parts = application(environ, start)
    try:
        body = b"".join(parts)
    finally:
        if hasattr(parts, "close"):
            parts.close()
    return Answer(begun[0], begun[1], body)
