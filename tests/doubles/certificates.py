"""Certificates for servers of tests: an authority of our own, and what goes wrong with what it signs."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class Issued:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(Encoding.PEM).decode()

    def write(self, folder: Path) -> tuple[Path, Path]:
        """Into files: certificate, key."""
        certificate, key = folder / "server.crt", folder / "server.key"
        certificate.write_text(self.pem)
        key.write_bytes(self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return certificate, key


def authority(name: str = "Test authority") -> Issued:
    """One that may sign for servers, the same for the same name."""
    return _authority(name)


def server_certificate(
    *, hosts: tuple[str, ...] = ("localhost", "127.0.0.1"), days: tuple[int, int] = (-1, 30), signed_by: Issued | None
) -> Issued:
    """For these names, valid from and until so many days from now; signed by itself without an authority."""
    return _issued("Server", issuer=signed_by, hosts=hosts, days=days)


@cache
def _authority(name: str) -> Issued:
    return _issued(name, issuer=None, hosts=(), days=(-1, 30))


def _issued(name: str, *, issuer: Issued | None, hosts: tuple[str, ...], days: tuple[int, int]) -> Issued:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    today = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today + timedelta(days=days[0]))
        .not_valid_after(today + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=not hosts, path_length=None), critical=True)
    )
    if hosts:
        builder = builder.add_extension(x509.SubjectAlternativeName([_name(host) for host in hosts]), critical=False)
    return Issued(builder.sign((issuer.key if issuer else key), hashes.SHA256()), key)


def _name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        return x509.DNSName(host)
