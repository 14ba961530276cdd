"""A key of our own for one connection: what we sign with, and what a provider encrypts for."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

LIFE = timedelta(days=3 * 365)
_RSA_BITS = 3072
_CLOCK_SLACK = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class OwnKey:
    """A private key and its certificate, both in PEM. The certificate is given to the provider, the key to nobody."""

    private: str
    certificate: str


def new_own_key(name: str, *, at: datetime) -> OwnKey:
    """A fresh RSA key and a certificate for three years that it signs itself: providers keep the certificate, no authority is asked.

    `name` is what administrators see in the provider's console.
    """
    key = rsa.generate_private_key(public_exponent=65537, key_size=_RSA_BITS)
    common_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(common_name)
        .issuer_name(common_name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - _CLOCK_SLACK)
        .not_valid_after(at + LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return OwnKey(
        private=key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii"),
        certificate=certificate.public_bytes(Encoding.PEM).decode("ascii"),
    )
