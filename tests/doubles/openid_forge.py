"""Signed tokens, honest or not: any header, any claims, any key, any algorithm."""

import base64
import functools
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey


def b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _number(value: int) -> str:
    return b64(value.to_bytes((value.bit_length() + 7) // 8, "big"))


@dataclass(frozen=True)
class SigningKey:
    """A private key and the id it is published under."""

    private: PrivateKey
    kid: str

    def jwk(self, **more: Any) -> dict[str, Any]:
        """The public part, as a provider publishes it."""
        public = self.private.public_key()
        if isinstance(public, rsa.RSAPublicKey):
            numbers = public.public_numbers()
            found = {"kty": "RSA", "n": _number(numbers.n), "e": _number(numbers.e)}
        elif isinstance(public, ec.EllipticCurvePublicKey):
            point = public.public_numbers()
            size = (public.curve.key_size + 7) // 8
            name = {256: "P-256", 384: "P-384"}[public.curve.key_size]
            found = {
                "kty": "EC",
                "crv": name,
                "x": b64(point.x.to_bytes(size, "big")),
                "y": b64(point.y.to_bytes(size, "big")),
            }
        else:
            raw = public.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
            found = {"kty": "OKP", "crv": "Ed25519", "x": b64(raw)}
        return {**found, "kid": self.kid, "use": "sig", **more}

    def public_pem(self) -> bytes:
        return self.private.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )


@functools.cache
def signing_key(kind: str = "rsa", kid: str = "") -> SigningKey:
    """One of each kind a process: making them takes time."""
    made: PrivateKey
    if kind.startswith("rsa"):
        made = rsa.generate_private_key(65537, int(kind.removeprefix("rsa") or 2048))
    elif kind == "ec384":
        made = ec.generate_private_key(ec.SECP384R1())
    elif kind == "ec":
        made = ec.generate_private_key(ec.SECP256R1())
    else:
        made = ed25519.Ed25519PrivateKey.generate()
    return SigningKey(made, kid or f"{kind}-1")


def signature(data: bytes, algorithm: str, key: Any) -> bytes:
    """By this algorithm, with whatever key it is told to use."""
    if algorithm == "none":
        return b""
    if algorithm.startswith("HS"):
        return hmac.digest(key, data, f"sha{algorithm[2:]}")
    if algorithm == "EdDSA":
        signed: bytes = key.sign(data)
        return signed
    digest = {"256": hashes.SHA256(), "384": hashes.SHA384(), "512": hashes.SHA512()}[algorithm[2:]]
    if algorithm.startswith("ES"):
        r, s = decode_dss_signature(key.sign(data, ec.ECDSA(digest)))
        size = (key.curve.key_size + 7) // 8
        return r.to_bytes(size, "big") + s.to_bytes(size, "big")
    pad = padding.PSS(padding.MGF1(digest), digest.digest_size) if algorithm[0] == "P" else padding.PKCS1v15()
    return bytes(key.sign(data, pad, digest))


def forged(claims: Any, *, algorithm: str, key: Any, header: dict[str, Any]) -> str:
    """A compact token; `claims` may be a text that is no JSON."""
    payload = claims if isinstance(claims, str) else json.dumps(claims)
    head = b64(json.dumps({"alg": algorithm, **header}).encode())
    body = f"{head}.{b64(payload.encode())}"
    return f"{body}.{b64(signature(body.encode(), algorithm, key))}"


def half_hash(text: str, algorithm: str = "RS256") -> str:
    """As `at_hash` has it."""
    digest = hashlib.new("sha512" if algorithm == "EdDSA" else "sha256", text.encode()).digest()
    return b64(digest[: len(digest) // 2])
