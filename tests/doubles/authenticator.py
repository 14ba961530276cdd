"""An authenticator in software: makes passkeys and answers challenges as a device does, or wrongly where a test says so."""

import hashlib
import json
import struct
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor

UP, UV, AT = 0x01, 0x04, 0x40


def b64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass
class Authenticator:
    """One device with one passkey. `origin` and `host` are what the browser says of the page that asks."""

    origin: str = "http://alpha.localhost"
    host: str = "alpha.localhost"
    flags: int = UP | UV
    counter: int = 1
    step: int = 1
    is_framed: bool = False
    key: Any = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = b""
    handle: bytes = b""

    def make(self, options: dict[str, Any]) -> str:
        """The answer to options for a new passkey."""
        self.handle = _raw(options["user"]["id"])
        self.credential_id = self.credential_id or hashlib.sha256(options["challenge"].encode()).digest()
        point = self.key.public_key().public_numbers()
        public = cbor.encode({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")})
        attested = bytes(16) + struct.pack(">H", len(self.credential_id)) + self.credential_id + public
        data = self._data(self.flags | AT) + attested
        response = {
            "clientDataJSON": b64(self._client_data("webauthn.create", options["challenge"])),
            "attestationObject": b64(cbor.encode({"fmt": "none", "attStmt": {}, "authData": data})),
        }
        return self._answer(response)

    def show(self, options: dict[str, Any], *, handle: bytes | None = None, kind: str = "webauthn.get") -> str:
        """The answer to options for signing in."""
        self.counter += self.step
        data, said = self._data(self.flags), self._client_data(kind, options["challenge"])
        signature = self.key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        response = {"clientDataJSON": b64(said), "authenticatorData": b64(data), "signature": b64(signature)}
        return self._answer({**response, "userHandle": b64(self.handle if handle is None else handle)})

    def _data(self, flags: int) -> bytes:
        return hashlib.sha256(self.host.encode()).digest() + struct.pack(">BI", flags, self.counter)

    def _client_data(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": self.is_framed}
        return json.dumps(said).encode()

    def _answer(self, response: dict[str, str]) -> str:
        name = b64(self.credential_id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


def _raw(text: str) -> bytes:
    from fido2.utils import websafe_decode

    return websafe_decode(text)
