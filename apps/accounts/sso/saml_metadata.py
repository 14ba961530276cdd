"""A provider's metadata as an administrator pastes them: hostile until read."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from apps.accounts.errors import ProviderMetadataError
from apps.accounts.sso.certificates import read_certificate
from apps.accounts.sso.saml_document import DS, parsed
from apps.accounts.sso.saml_errors import SAMLInvalidError

_METADATA = "urn:oasis:names:tc:SAML:2.0:metadata"
_REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
LONGEST_CHARS = 256 * 1024
_MOST_CERTIFICATES = 5


@dataclass(frozen=True, slots=True)
class ProviderFacts:
    """What we need to know of a provider. Certificates in PEM, each with a key that is strong enough."""

    entity_id: str
    sso_url: str
    certificates: tuple[str, ...]


def read_provider_metadata(text: str) -> ProviderFacts:
    """From the metadata document of one provider; ProviderMetadataError says what is wrong with it."""
    if "PRIVATE KEY" in text:
        raise ProviderMetadataError(problem="private_key")
    if len(text) > LONGEST_CHARS:
        raise ProviderMetadataError(problem="too_large")
    try:
        root = parsed(text.strip().encode())
    except SAMLInvalidError as error:
        raise ProviderMetadataError(problem=error.reason) from error
    if root.tag != f"{{{_METADATA}}}EntityDescriptor":
        raise ProviderMetadataError(problem="not_one_provider")
    role = root.find(f"{{{_METADATA}}}IDPSSODescriptor")
    if role is None:
        raise ProviderMetadataError(problem="not_a_provider")
    addresses = [
        service.get("Location", "")
        for service in role.findall(f"{{{_METADATA}}}SingleSignOnService")
        if service.get("Binding") == _REDIRECT
    ]
    pasted = [
        certificate.text or ""
        for key in role.findall(f"{{{_METADATA}}}KeyDescriptor")
        if key.get("use") in {None, "signing"}
        for certificate in key.iter(f"{{{DS}}}X509Certificate")
    ]
    return provider_facts(root.get("entityID", ""), sso_url=next(iter(addresses), ""), certificates=pasted)


def provider_facts(entity_id: str, *, sso_url: str, certificates: list[str]) -> ProviderFacts:
    """The same from single values; ProviderMetadataError."""
    if not 1 <= len(entity_id) <= 1024 or entity_id != entity_id.strip():
        raise ProviderMetadataError(problem="entity_id")
    address = urlsplit(sso_url)
    if address.scheme != "https" or not address.hostname or address.username or len(sso_url) > 1024:
        raise ProviderMetadataError(problem="sso_url")
    try:
        read = [read_certificate(text).pem for text in certificates if text.strip()]
    except ValueError as error:
        raise ProviderMetadataError(problem="certificate") from error
    if not 1 <= len(read) <= _MOST_CERTIFICATES:
        raise ProviderMetadataError(problem="certificate")
    return ProviderFacts(entity_id, sso_url, tuple(dict.fromkeys(read)))
