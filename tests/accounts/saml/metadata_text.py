"""A provider's metadata document, honest unless the changes say otherwise."""

from collections.abc import Sequence

from apps.accounts.models import SSOConnection
from tests.doubles.saml_forge import ENTITY_ID, key_pair

SSO_URL = "https://idp.example/sso"


def bare(pem: str) -> str:
    """The certificate as metadata hold it."""
    return "".join(pem.strip().split("\n")[1:-1])


def metadata(
    *,
    entity_id: str = ENTITY_ID,
    sso_url: str = SSO_URL,
    certificates: Sequence[str] | None = None,
    binding: str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect",
    logout_url: str = "",
    root: str = "",
    more: str = "",
) -> str:
    """`root` and `more` are attributes of the document and of its role."""
    keys = "".join(
        '<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>'
        f"<ds:X509Certificate>{bare(one)}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
        for one in ([key_pair().certificate] if certificates is None else certificates)
    )
    logout = f'<md:SingleLogoutService Binding="{binding}" Location="{logout_url}"/>' if logout_url else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" '
        f'entityID="{entity_id}" {root}><md:IDPSSODescriptor {more} '
        f'protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">{keys}{logout}'
        f'<md:SingleSignOnService Binding="{binding}" Location="{sso_url}"/></md:IDPSSODescriptor></md:EntityDescriptor>'
    )


def place(deed: str = "") -> str:
    return f"/organization/single-sign-on/{SSOConnection.objects.get().pk}/{deed}"


def token_in(page: str) -> str:
    return page.split('name="token" value="')[1].split('"', maxsplit=1)[0]
