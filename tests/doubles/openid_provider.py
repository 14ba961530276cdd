"""An OpenID provider on loopback that keeps to the protocol until it is told not to.

It checks what an honest provider checks (code, client, redirect address, PKCE), so that a client which leaves something out is found
out; everything it says can be changed.
"""

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from apps.kernel.clock import now
from tests.doubles.openid_forge import SigningKey, b64, forged, half_hash, signing_key

CLIENT_ID = "prism client/1"
CLIENT_SECRET = "s3cret:with/signs~%"
PERSON = {"sub": "op-lena", "email": "lena@example.com", "email_verified": True, "name": "Lena Lang"}
ACCESS_TOKEN = "access-token.of_lena~1"


@dataclass
class Reply:
    """A whole answer instead of the usual one; `body` may be parts with a pause after each."""

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    pause_s: float = 0.0


@dataclass
class Grant:
    """What a code is worth, and what the ID token for it will say."""

    redirect_uri: str
    challenge: str
    nonce: str
    token: dict[str, Any]
    is_used: bool = False


@dataclass
class OpenIDProvider:
    """Where it is, what it says, and what it was asked."""

    path: str = ""
    port: int = 0
    keys: list[SigningKey] = field(default_factory=lambda: [signing_key()])
    discovery: dict[str, Any] = field(default_factory=dict)
    """Members that differ from an ordinary document; None leaves one out."""
    replies: dict[str, Reply | Callable[[], Reply | None]] = field(default_factory=dict)
    """By the last part of the path: `openid-configuration`, `jwks`, `token`, `userinfo`."""
    user_info: dict[str, Any] = field(default_factory=lambda: dict(PERSON))
    token_reply: dict[str, Any] = field(default_factory=dict)
    grants: dict[str, Grant] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    forms: list[dict[str, str]] = field(default_factory=list)
    authorizations: list[str] = field(default_factory=list)

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def issuer(self) -> str:
        return f"http://{self.place}{self.path}"

    def document(self) -> dict[str, Any]:
        usual = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/jwks",
            "response_types_supported": ["code", "id_token"],
            "code_challenge_methods_supported": ["plain", "S256"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "authorization_response_iss_parameter_supported": True,
        }
        return {name: value for name, value in {**usual, **self.discovery}.items() if value is not None}

    def code_for(self, authorization_url: str, **token: Any) -> str:
        """The person has signed in at this address. `token` says how the ID token differs from an honest one:

        `claims` (None leaves one out), `header`, `algorithm`, `key`, `raw` (a whole token instead), `edit` (of the finished one).
        """
        asked = {name: values[0] for name, values in parse_qs(urlsplit(authorization_url).query).items()}
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert asked["client_id"] == CLIENT_ID
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(16)
        self.grants[code] = Grant(asked["redirect_uri"], asked["code_challenge"], asked["nonce"], token)
        return code

    def id_token(self, grant: Grant) -> str:
        told = grant.token
        if "raw" in told:
            return str(told["raw"])
        algorithm, at_s = told.get("algorithm", "RS256"), int(now().timestamp())
        key = told.get("key", self.keys[0])
        claims = {
            "iss": self.issuer,
            "aud": CLIENT_ID,
            "exp": at_s + 300,
            "iat": at_s,
            "nonce": grant.nonce,
            "at_hash": half_hash(ACCESS_TOKEN, algorithm),
            **PERSON,
            **told.get("claims", {}),
        }
        header = {"kid": getattr(key, "kid", "none"), "typ": "JWT", **told.get("header", {})}
        token = forged(
            told.get("payload", {name: value for name, value in claims.items() if value is not None}),
            algorithm=algorithm,
            key=getattr(key, "private", key),
            header={name: value for name, value in header.items() if value is not None},
        )
        edit: Callable[[str], str] = told.get("edit", lambda token: token)
        return edit(token)

    def redeem(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """The token endpoint of a provider that checks everything."""
        if authorization:
            pair = base64.b64decode(authorization.removeprefix("Basic ")).decode()
            client = tuple(unquote(part) for part in pair.split(":", 1))
        else:
            client = (form.get("client_id", ""), form.get("client_secret", ""))
        if client != (CLIENT_ID, CLIENT_SECRET):
            return 401, {"error": "invalid_client"}
        grant = self.grants.get(form.get("code", ""))
        challenge = b64(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        is_good = (
            grant is not None
            and not grant.is_used
            and form.get("grant_type") == "authorization_code"
            and form.get("redirect_uri") == grant.redirect_uri
            and challenge == grant.challenge
        )
        if grant is None or not is_good:
            return 400, {"error": "invalid_grant"}
        grant.is_used = True
        usual = {"token_type": "Bearer", "access_token": ACCESS_TOKEN, "id_token": self.id_token(grant)}
        return 200, {name: value for name, value in {**usual, **self.token_reply}.items() if value is not None}


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, double: OpenIDProvider) -> None:
        self.double = double
        self.is_over = threading.Event()
        super().__init__(("127.0.0.1", 0), _Pages)

    def handle_error(self, *_: object) -> None:
        """A client that hangs up is what some of these tests are about."""


class _Pages(BaseHTTPRequestHandler):
    server: _Server

    def log_message(self, *_: object) -> None:
        """Silence."""

    def do_GET(self) -> None:
        self._answer(None)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._answer({name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()})

    def _answer(self, form: dict[str, str] | None) -> None:
        double = self.server.double
        place = urlsplit(self.path).path.removeprefix(double.path).strip("/").removeprefix(".well-known/")
        double.asked.append(place)
        told = double.replies.get(place)
        reply = (told() if callable(told) else told) or self._usual(double, place, form)
        self.send_response(reply.status)
        for name, value in {"Content-Type": "application/json", **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(reply.body)))
        self.end_headers()
        step = 1 if reply.pause_s else max(1, len(reply.body))
        for start in range(0, len(reply.body), step):
            self.wfile.write(reply.body[start : start + step])
            if reply.pause_s and self.server.is_over.wait(reply.pause_s):
                return

    def _usual(self, double: OpenIDProvider, place: str, form: dict[str, str] | None) -> Reply:
        if place == "openid-configuration":
            return Reply(json.dumps(double.document()).encode())
        if place == "jwks":
            return Reply(json.dumps({"keys": [key.jwk() for key in double.keys]}).encode())
        if place == "token" and form is not None:
            double.forms.append(form)
            double.authorizations.append(self.headers.get("Authorization", ""))
            status, said = double.redeem(form, double.authorizations[-1])
            return Reply(json.dumps(said).encode(), status)
        if place == "userinfo" and self.headers.get("Authorization") == f"Bearer {ACCESS_TOKEN}":
            return Reply(json.dumps(double.user_info).encode())
        return Reply(b"{}", 404)


@contextmanager
def openid_provider(path: str = "") -> Iterator[OpenIDProvider]:
    """A provider on a free port for as long as the block lasts; its issuer has this path."""
    double = OpenIDProvider(path)
    with _Server(double) as server:
        double.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield double
        finally:
            server.is_over.set()
            server.shutdown()
            thread.join()
