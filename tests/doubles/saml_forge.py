"""An identity provider that signs whatever it is told to: honest SAML responses, and every way to lie in one."""

import base64
import functools
import os
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from lxml import etree

SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
SAMLP = "urn:oasis:names:tc:SAML:2.0:protocol"
DS = "http://www.w3.org/2000/09/xmldsig#"
MORE = "http://www.w3.org/2001/04/xmldsig-more#"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
ENVELOPED = f"{DS}enveloped-signature"
RSA_SHA256 = f"{MORE}rsa-sha256"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
EMAIL_FORMAT = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
ENTITY_ID = "https://idp.example/metadata"


@dataclass(frozen=True)
class KeyPair:
    """A private key and a certificate for it, both in PEM."""

    private: str
    certificate: str


@functools.cache
def key_pair(kind: str = "rsa", *, bits: int = 2048, begins_in_days: int = -3650, ends_in_days: int = 3650) -> KeyPair:
    """A fresh pair, the same one for the same arguments within a run: good long before and after, for some tests set the clock."""
    key: Any = ec.generate_private_key(ec.SECP256R1()) if kind == "ec" else rsa.generate_private_key(65537, bits)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"idp {kind}")])
    at = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at + timedelta(days=begins_in_days))
        .not_valid_after(at + timedelta(days=ends_in_days))
        .sign(key, hashes.SHA256())
    )
    return KeyPair(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        ).decode(),
        certificate.public_bytes(serialization.Encoding.PEM).decode(),
    )


@dataclass(frozen=True)
class Signing:
    """How an element is signed."""

    key: KeyPair
    method: str = RSA_SHA256
    digest: str = SHA256
    canonicalization: str = EXCLUSIVE
    transforms: tuple[str, ...] = (ENVELOPED, EXCLUSIVE)
    prefixes: str = ""
    """InclusiveNamespaces, as Okta and Entra send them."""
    uri: str | None = None
    hmac_secret: bytes = b""
    with_certificate: bool = True


@dataclass(frozen=True)
class Shape:
    """A response in all its parts; times are seconds from `at`. None leaves a part out."""

    at: datetime
    acs_url: str
    audience: str
    request_id: str | None
    key: KeyPair
    assertion_id: str = field(default_factory=lambda: "_a" + os.urandom(16).hex())
    response_id: str = field(default_factory=lambda: "_r" + os.urandom(16).hex())
    response_issuer: str | None = ENTITY_ID
    assertion_issuer: str | None = ENTITY_ID
    destination: str | None = "="
    recipient: str | None = "="
    audiences: tuple[tuple[str, ...], ...] | None = None
    response_in_response_to: str | None = "="
    confirmation_in_response_to: str | None = "="
    name_id: str = "00u1lena"
    name_id_format: str = PERSISTENT
    method: str | None = "urn:oasis:names:tc:SAML:2.0:cm:bearer"
    status: str = "urn:oasis:names:tc:SAML:2.0:status:Success"
    issued: float = 0
    confirmed_until: float | None = 300
    begins: float | None = -5
    ends: float | None = 300
    authenticated: float | None = 0
    session_ends: float | None = None
    version: str = "2.0"
    attributes: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("email", ("lena@example.com",)),
        ("displayName", ("Lena Lang",)),
    )
    extra_condition: str = ""
    extra_confirmation: str = ""
    signed: tuple[str, ...] = ("assertion",)
    signing: dict[str, Any] = field(default_factory=dict)
    change: Callable[[str], str] = lambda xml: xml
    """Changes the text before anything is signed."""


def time_text(at: datetime) -> str:
    """As SAML writes a time."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def written(shape: Shape) -> str:
    """The response before it is signed."""

    def when(name: str, seconds: float | str | None) -> str:
        if seconds is None:
            return ""
        text = seconds if isinstance(seconds, str) else time_text(shape.at + timedelta(seconds=seconds))
        return f' {name}="{text}"'

    def given(name: str, value: str | None, usual: str | None) -> str:
        value = usual if value == "=" else value
        return "" if value is None else f' {name}="{value}"'

    def issuer(value: str | None) -> str:
        return "" if value is None else f"<saml:Issuer>{value}</saml:Issuer>"

    audiences = ((shape.audience,),) if shape.audiences is None else shape.audiences
    restrictions = "".join(
        "<saml:AudienceRestriction>"
        + "".join(f"<saml:Audience>{one}</saml:Audience>" for one in several)
        + "</saml:AudienceRestriction>"
        for several in audiences
    )
    attributes = "".join(
        f'<saml:Attribute Name="{name}" NameFormat="urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified">'
        + "".join(f"<saml:AttributeValue>{value}</saml:AttributeValue>" for value in values)
        + "</saml:Attribute>"
        for name, values in shape.attributes
    )
    authentication = (
        ""
        if shape.authenticated is None
        else f"<saml:AuthnStatement{when('AuthnInstant', shape.authenticated)}"
        f'{when("SessionNotOnOrAfter", shape.session_ends)} SessionIndex="s1"><saml:AuthnContext>'
        "<saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport"
        "</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>"
    )
    confirmation = (
        f"<saml:SubjectConfirmation{given('Method', shape.method, None)}><saml:SubjectConfirmationData"
        f"{given('InResponseTo', shape.confirmation_in_response_to, shape.request_id)}"
        f"{given('Recipient', shape.recipient, shape.acs_url)}{when('NotOnOrAfter', shape.confirmed_until)}/>"
        "</saml:SubjectConfirmation>"
    )
    return shape.change(
        f'<samlp:Response xmlns:samlp="{SAMLP}" xmlns:saml="{SAML}" xmlns:xs="http://www.w3.org/2001/XMLSchema" '
        f'ID="{shape.response_id}" Version="{shape.version}"{when("IssueInstant", shape.issued)}'
        f"{given('Destination', shape.destination, shape.acs_url)}"
        f"{given('InResponseTo', shape.response_in_response_to, shape.request_id)}>{issuer(shape.response_issuer)}"
        f'<samlp:Status><samlp:StatusCode Value="{shape.status}"/></samlp:Status>'
        f'<saml:Assertion xmlns:saml="{SAML}" ID="{shape.assertion_id}" Version="{shape.version}"{when("IssueInstant", shape.issued)}>'
        f"{issuer(shape.assertion_issuer)}<saml:Subject>"
        f'<saml:NameID Format="{shape.name_id_format}">{shape.name_id}</saml:NameID>{confirmation}'
        f"{shape.extra_confirmation}</saml:Subject>"
        f"<saml:Conditions{when('NotBefore', shape.begins)}{when('NotOnOrAfter', shape.ends)}>{restrictions}"
        f"{shape.extra_condition}</saml:Conditions>{authentication}"
        + (f"<saml:AttributeStatement>{attributes}</saml:AttributeStatement>" if attributes else "")
        + "</saml:Assertion></samlp:Response>"
    )


def forged(shape: Shape) -> bytes:
    """The response, signed as the shape says: assertion first, then the response around it."""
    root = etree.fromstring(written(shape).encode())
    signing = Signing(**{"key": shape.key, **shape.signing})
    if "assertion" in shape.signed:
        sign(root.find(f"{{{SAML}}}Assertion"), signing)
    if "response" in shape.signed:
        sign(root, signing)
    return etree.tostring(root)


def sign(element: Any, how: Signing) -> None:
    """Put a Signature behind the element's Issuer."""
    transforms = "".join(
        f'<ds:Transform Algorithm="{name}">'
        + (
            f'<ec:InclusiveNamespaces xmlns:ec="{EXCLUSIVE}" PrefixList="{how.prefixes}"/>'
            if name == EXCLUSIVE and how.prefixes
            else ""
        )
        + "</ds:Transform>"
        for name in how.transforms
    )
    uri = f"#{element.get('ID')}" if how.uri is None else how.uri
    key_info = "<ds:KeyInfo><ds:X509Data/></ds:KeyInfo>" if how.with_certificate else ""
    signature = etree.fromstring(
        f'<ds:Signature xmlns:ds="{DS}"><ds:SignedInfo><ds:CanonicalizationMethod Algorithm="{how.canonicalization}"/>'
        f'<ds:SignatureMethod Algorithm="{how.method}"/><ds:Reference URI="{uri}">'
        f'<ds:Transforms>{transforms}</ds:Transforms><ds:DigestMethod Algorithm="{how.digest}"/><ds:DigestValue/>'
        f"</ds:Reference></ds:SignedInfo><ds:SignatureValue/>{key_info}</ds:Signature>"
    )
    issuer = element.find(f"{{{SAML}}}Issuer")
    element.insert(0 if issuer is None else element.index(issuer) + 1, signature)
    xmlsec.tree.add_ids(element, ["ID"])
    context = xmlsec.SignatureContext()
    if how.hmac_secret:
        context.key = xmlsec.Key.from_binary_data(xmlsec.constants.KeyDataHmac, how.hmac_secret)
    else:
        context.key = xmlsec.Key.from_memory(how.key.private, xmlsec.constants.KeyDataFormatPem, None)
        context.key.load_cert_from_memory(how.key.certificate, xmlsec.constants.KeyDataFormatPem)
    context.sign(signature)


def encrypted(
    response: bytes,
    certificate: str,
    *,
    data: Any = xmlsec.constants.TransformAes256Gcm,
    transport: Any = xmlsec.constants.TransformRsaOaep,
) -> bytes:
    """The response with its assertion encrypted for the holder of this certificate."""
    root = etree.fromstring(response)
    assertion = root.find(f"{{{SAML}}}Assertion")
    template = xmlsec.template.encrypted_data_create(root, data, type=xmlsec.constants.TypeEncElement, ns="xenc")
    xmlsec.template.encrypted_data_ensure_cipher_value(template)
    info = xmlsec.template.encrypted_data_ensure_key_info(template, ns="ds")
    key = xmlsec.template.add_encrypted_key(info, transport)
    xmlsec.template.encrypted_data_ensure_cipher_value(key)
    manager = xmlsec.KeysManager()
    manager.add_key(xmlsec.Key.from_memory(certificate, xmlsec.constants.KeyDataFormatCertPem, None))
    context = xmlsec.EncryptionContext(manager)
    kind = xmlsec.constants.KeyDataAes
    bits = 256 if "256" in data.name else 128
    context.key = xmlsec.Key.generate(kind, bits, xmlsec.constants.KeyDataTypeSession)
    place = root.index(assertion)
    wrapper = etree.SubElement(root, f"{{{SAML}}}EncryptedAssertion")
    root.remove(wrapper)
    sealed = context.encrypt_xml(template, assertion)
    root.insert(place, wrapper)
    wrapper.append(sealed)
    return etree.tostring(root)


def request_in(url: str) -> Any:
    """The AuthnRequest that a redirect carries."""
    packed = parse_qs(urlsplit(url).query)["SAMLRequest"][0]
    return etree.fromstring(zlib.decompress(base64.b64decode(packed), -15))


def posted(response: bytes | str) -> dict[str, str]:
    """The form that the browser posts."""
    data = response.encode() if isinstance(response, str) else response
    return {"SAMLResponse": base64.b64encode(data).decode("ascii")}
