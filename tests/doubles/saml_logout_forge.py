"""Sign-out messages as providers send them, and as liars do: in an address with the signature beside, in a form with it inside."""

import base64
import os
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import xmlsec
from lxml import etree

from tests.doubles.saml_forge import (
    DS,
    ENTITY_ID,
    MORE,
    PERSISTENT,
    RSA_SHA256,
    SAML,
    SAMLP,
    KeyPair,
    Signing,
    sign,
    time_text,
)

METHODS = {
    RSA_SHA256: xmlsec.constants.TransformRsaSha256,
    f"{MORE}rsa-sha512": xmlsec.constants.TransformRsaSha512,
    f"{MORE}ecdsa-sha256": xmlsec.constants.TransformEcdsaSha256,
    f"{DS}rsa-sha1": xmlsec.constants.TransformRsaSha1,
    f"{DS}hmac-sha1": xmlsec.constants.TransformHmacSha1,
    f"{MORE}hmac-sha256": xmlsec.constants.TransformHmacSha256,
}


@dataclass(frozen=True)
class Logout:
    """A LogoutRequest in its parts; times are seconds from `at`, None leaves a part out."""

    at: datetime
    destination: str | None
    message_id: str = field(default_factory=lambda: "_l" + os.urandom(16).hex())
    issuer: str | None = ENTITY_ID
    issued: float | str = 0
    ends: float | str | None = 300
    name_id: str | None = "00u1lena"
    name_id_format: str = PERSISTENT
    indexes: tuple[str, ...] = ("s1",)
    version: str = "2.0"
    reason: str = ""
    extra: str = ""
    change: Callable[[str], str] = lambda xml: xml


def written_request(shape: Logout) -> str:
    """The request before it is signed."""
    name_id = (
        "" if shape.name_id is None else f'<saml:NameID Format="{shape.name_id_format}">{shape.name_id}</saml:NameID>'
    )
    return shape.change(
        f'<samlp:LogoutRequest xmlns:samlp="{SAMLP}" xmlns:saml="{SAML}" ID="{shape.message_id}" '
        f'Version="{shape.version}"{_when("IssueInstant", shape.issued, shape.at)}'
        f"{_given('Destination', shape.destination)}{_when('NotOnOrAfter', shape.ends, shape.at)}"
        f"{_given('Reason', shape.reason or None)}>"
        + ("" if shape.issuer is None else f"<saml:Issuer>{shape.issuer}</saml:Issuer>")
        + f"{shape.extra}{name_id}"
        + "".join(f"<samlp:SessionIndex>{index}</samlp:SessionIndex>" for index in shape.indexes)
        + "</samlp:LogoutRequest>"
    )


def written_response(
    *, at: datetime, destination: str, in_response_to: str, status: str = "Success", issuer: str = ENTITY_ID
) -> str:
    """A LogoutResponse before it is signed."""
    return (
        f'<samlp:LogoutResponse xmlns:samlp="{SAMLP}" xmlns:saml="{SAML}" ID="_{os.urandom(16).hex()}" Version="2.0" '
        f'IssueInstant="{time_text(at)}" Destination="{destination}" InResponseTo="{in_response_to}">'
        f'<saml:Issuer>{issuer}</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:{status}"/>'
        "</samlp:Status></samlp:LogoutResponse>"
    )


def packed(xml: str | bytes) -> str:
    """Deflated and in base64."""
    data = xml.encode() if isinstance(xml, str) else xml
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return base64.b64encode(packer.compress(data) + packer.flush()).decode("ascii")


def query_of(
    xml: str | bytes,
    key: KeyPair,
    *,
    parameter: str = "SAMLRequest",
    relay_state: str | None = None,
    method: str = RSA_SHA256,
    escape: Callable[[str], str] = lambda text: quote(text, safe=""),
    hmac_secret: bytes = b"",
) -> str:
    """The query of a redirect with its signature, escaped as the provider escapes."""
    values = [(parameter, packed(xml))]
    values += [] if relay_state is None else [("RelayState", relay_state)]
    octets = "&".join(f"{name}={escape(value)}" for name, value in [*values, ("SigAlg", method)])
    return f"{octets}&Signature={escape(signature_of(octets, key, method=method, hmac_secret=hmac_secret))}"


def signature_of(octets: str, key: KeyPair, *, method: str = RSA_SHA256, hmac_secret: bytes = b"") -> str:
    """Over these octets, in base64."""
    context = xmlsec.SignatureContext()
    if hmac_secret:
        context.key = xmlsec.Key.from_binary_data(xmlsec.constants.KeyDataHmac, hmac_secret)
    else:
        context.key = xmlsec.Key.from_memory(key.private, xmlsec.constants.KeyDataFormatPem, None)
    return base64.b64encode(context.sign_binary(octets.encode(), METHODS[method])).decode("ascii")


def lower_escape(text: str) -> str:
    """As .NET does it: hexadecimal digits in small letters."""
    escaped = quote(text, safe="")
    return "".join(part if at == 0 else "%" + part[:2].lower() + part[2:] for at, part in enumerate(escaped.split("%")))


def form_of(
    xml: str, how: Signing | None, *, parameter: str = "SAMLRequest", relay_state: str | None = None
) -> dict[str, str]:
    """The form of a page of the provider, the message signed inside."""
    root = etree.fromstring(xml.encode())
    if how is not None:
        sign(root, how)
    fields = {parameter: base64.b64encode(etree.tostring(root)).decode("ascii")}
    return fields if relay_state is None else {**fields, "RelayState": relay_state}


def message_in(url: str, parameter: str) -> Any:
    """The message that a redirect of ours carries."""
    return etree.fromstring(zlib.decompress(base64.b64decode(parse_qs(urlsplit(url).query)[parameter][0]), -15))


def _when(name: str, seconds: float | str | None, at: datetime) -> str:
    if seconds is None:
        return ""
    text = seconds if isinstance(seconds, str) else time_text(at + timedelta(seconds=seconds))
    return f' {name}="{text}"'


def _given(name: str, value: str | None) -> str:
    return "" if value is None else f' {name}="{value}"'
