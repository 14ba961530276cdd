"""A provider's metadata as an administrator pastes them: hostile until read."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from lxml import etree

from apps.accounts.errors import ProviderMetadataError
from apps.accounts.sso.certificates import read_certificate
from apps.accounts.sso.saml_document import DS, parsed
from apps.accounts.sso.saml_errors import SAMLInvalidError
from apps.kernel.clock import now

_METADATA = "urn:oasis:names:tc:SAML:2.0:metadata"
_REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
LONGEST_CHARS = 256 * 1024
MOST_CERTIFICATES = 5
_LONGEST_URL = 1024


@dataclass(frozen=True, slots=True)
class ProviderFacts:
    """What we need to know of a provider. Certificates in PEM, each with a key that is strong enough."""

    entity_id: str
    sso_url: str
    certificates: tuple[str, ...]
    logout_url: str = ""
    """Where a browser is sent to sign out there too; "" when it names none by redirect and https."""
    logout_answer_url: str = ""
    wants_signed_requests: bool = False


def read_provider_metadata(text: str) -> ProviderFacts:
    """From the metadata document of one provider; ProviderMetadataError says what is wrong with it."""
    if "PRIVATE KEY" in text:
        raise ProviderMetadataError(problem="private_key")
    if len(text) > LONGEST_CHARS:
        raise ProviderMetadataError(problem="too_large")
    try:
        # Comments hold nothing of ours, and no signature of metadata is looked at: what is left of them is refused with the rest.
        root = parsed(_COMMENT.sub("", text.strip().removeprefix("\ufeff")).encode())
    except SAMLInvalidError as error:
        raise ProviderMetadataError(problem=error.reason) from error
    role = _only_role(root)
    _refuse_stale(root, role, at=now())
    sign_in, _unused = _by_redirect(role, "SingleSignOnService")
    pasted = [
        certificate.text or ""
        for key in role.findall(f"{{{_METADATA}}}KeyDescriptor")
        if key.get("use") in {None, "signing"}
        for certificate in key.iter(f"{{{DS}}}X509Certificate")
    ]
    facts = provider_facts(root.get("entityID", ""), sso_url=sign_in, certificates=pasted)
    logout_url, answer_url = _by_redirect(role, "SingleLogoutService")
    return replace(
        facts,
        logout_url=logout_url if is_https(logout_url) else "",
        logout_answer_url=answer_url if is_https(answer_url) else "",
        wants_signed_requests=role.get("WantAuthnRequestsSigned", "") in {"true", "1"},
    )


def provider_facts(entity_id: str, *, sso_url: str, certificates: list[str]) -> ProviderFacts:
    """The same from single values; ProviderMetadataError."""
    if not 1 <= len(entity_id) <= 1024 or entity_id != entity_id.strip():
        raise ProviderMetadataError(problem="entity_id")
    if not is_https(sso_url):
        raise ProviderMetadataError(problem="sso_url")
    try:
        read = [read_certificate(text).pem for text in certificates if text.strip()]
    except ValueError as error:
        raise ProviderMetadataError(problem="certificate") from error
    if not 1 <= len(read) <= MOST_CERTIFICATES:
        raise ProviderMetadataError(problem="certificate")
    return ProviderFacts(entity_id, sso_url, tuple(dict.fromkeys(read)))


def is_https(url: str) -> bool:
    """An address that a browser may be sent to: https, a host, and nobody's name before it."""
    try:
        address = urlsplit(url)
    except ValueError:
        return False
    return address.scheme == "https" and bool(address.hostname) and not address.username and len(url) <= _LONGEST_URL


def _only_role(root: "etree._Element") -> "etree._Element":
    """The one description of an identity provider. One that lies deeper, as in a signature's object, would be another reader's first."""
    if root.tag != f"{{{_METADATA}}}EntityDescriptor" or sum(1 for _ in root.iter(root.tag)) != 1:
        raise ProviderMetadataError(problem="not_one_provider")
    roles = list(root.iter(f"{{{_METADATA}}}IDPSSODescriptor"))
    if not roles:
        raise ProviderMetadataError(problem="not_a_provider")
    if len(roles) > 1 or roles[0].getparent() is not root:
        raise ProviderMetadataError(problem="not_one_provider")
    return roles[0]


def _refuse_stale(*elements: "etree._Element", at: datetime) -> None:
    for element in elements:
        text = element.get("validUntil")
        if text is None:
            continue
        try:
            until = datetime.fromisoformat(text)
        except ValueError as error:
            raise ProviderMetadataError(problem="valid_until") from error
        if (until if until.tzinfo else until.replace(tzinfo=UTC)) <= at:
            raise ProviderMetadataError(problem="expired")


def _by_redirect(role: "etree._Element", name: str) -> tuple[str, str]:
    """Where a browser is sent with a message, and with an answer if that is elsewhere."""
    for service in role.findall(f"{{{_METADATA}}}{name}"):
        if service.get("Binding") == _REDIRECT:
            return service.get("Location", ""), service.get("ResponseLocation", "")
    return "", ""
