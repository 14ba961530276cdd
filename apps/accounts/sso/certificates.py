"""Certificates of a provider: which may be believed now, and when the last of them ends."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from apps.accounts.sso.saml_errors import SAMLInvalidError

_SHORTEST_RSA_BITS = 2048
_SHORTEST_EC_BITS = 256


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """What people see of a certificate."""

    subject: str
    begins_at: datetime
    ends_at: datetime
    pem: str
    fingerprint: str
    """SHA-256, as consoles show it but without colons."""


def read_certificate(text: str) -> CertificateFacts:
    """From PEM, or from the base64 of metadata without its head; ValueError for what is no certificate or has a weak key."""
    body = "".join(text.split())
    if "BEGINCERTIFICATE" not in body:
        lines = "\n".join(body[at : at + 64] for at in range(0, len(body), 64))
        text = f"-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n"
    certificate = x509.load_pem_x509_certificate(text.strip().encode())
    key = certificate.public_key()
    is_strong = (isinstance(key, rsa.RSAPublicKey) and key.key_size >= _SHORTEST_RSA_BITS) or (
        isinstance(key, ec.EllipticCurvePublicKey) and key.key_size >= _SHORTEST_EC_BITS
    )
    if not is_strong:
        message = "the key of this certificate is too weak"
        raise ValueError(message)
    return CertificateFacts(
        subject=certificate.subject.rfc4514_string(),
        begins_at=certificate.not_valid_before_utc,
        ends_at=certificate.not_valid_after_utc,
        pem=certificate.public_bytes(Encoding.PEM).decode("ascii"),
        fingerprint=certificate.fingerprint(hashes.SHA256()).hex(),
    )


def usable_certificates(stored: Iterable[str], *, at: datetime) -> list[str]:
    """Those that are valid at this time; SAMLInvalidError when none is."""
    usable = [facts.pem for facts in map(read_certificate, stored) if facts.begins_at <= at < facts.ends_at]
    if not usable:
        raise SAMLInvalidError("certificates_expired")
    return usable
