"""A connection as python3-saml wants it, for what the library writes: requests and our metadata."""

import functools
from typing import Any

from lxml import etree
from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.authn_request import OneLogin_Saml2_Authn_Request
from onelogin.saml2.constants import OneLogin_Saml2_Constants
from onelogin.saml2.settings import OneLogin_Saml2_Settings

from apps.accounts.models import SAMLProvider, SSOConnection
from apps.accounts.sso.addresses import SAMLAddresses, saml_addresses
from apps.accounts.sso.saml_encryption import ENCRYPTION_METHODS
from apps.kernel.storage.sealed_values import unseal

KEY_PURPOSE = "saml_private_key"
_MD = OneLogin_Saml2_Constants.NS_MD


def request_url(provider: SAMLProvider, *, request_id: str) -> str:
    """Where to send the browser with a request of this id."""
    auth = OneLogin_Saml2_Auth({}, old_settings=_settings(provider))
    auth.authn_request_class = functools.partial(_OwnRequest, request_id)
    url: str = auth.login(return_to="")
    return url


def own_metadata(connection: SSOConnection) -> bytes:
    """Our metadata for the provider: entity id, where answers go, our certificate if we have one. Nothing of the provider is in it."""
    provider = SAMLProvider.objects.filter(connection=connection).first()
    values = {"strict": True, "sp": _own_side(saml_addresses(connection), provider), "security": _security(provider)}
    metadata = OneLogin_Saml2_Settings(values, sp_validation_only=True).get_sp_metadata()
    root = etree.fromstring(metadata if isinstance(metadata, bytes) else metadata.encode())
    _say_how_to_encrypt(root)
    if provider and provider.own_certificate:
        _announce_logout(root, saml_addresses(connection).sls_url)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def own_private_key(provider: SAMLProvider) -> str:
    """The private key that we sign with, in PEM; "" for none."""
    return unseal(provider.own_key_sealed, purpose=KEY_PURPOSE) if provider.own_key_sealed else ""


def own_private_keys(provider: SAMLProvider) -> list[str]:
    """All that may open what a provider has encrypted: while we change keys there are two."""
    sealed = (provider.own_key_sealed, provider.second_key_sealed)
    return [unseal(one, purpose=KEY_PURPOSE) for one in sealed if one]


class _OwnRequest(OneLogin_Saml2_Authn_Request):  # type: ignore[misc]
    """A request whose id is ours: it can be recognized without having been stored."""

    def __init__(self, request_id: str, *args: Any) -> None:
        self._own_id = request_id
        super().__init__(*args)

    def _generate_request_id(self) -> str:
        return self._own_id


def _settings(provider: SAMLProvider) -> OneLogin_Saml2_Settings:
    return OneLogin_Saml2_Settings(
        {
            "strict": True,
            "sp": _own_side(saml_addresses(provider.connection), provider),
            "idp": {
                "entityId": provider.entity_id,
                "singleSignOnService": {
                    "url": provider.sso_url,
                    "binding": OneLogin_Saml2_Constants.BINDING_HTTP_REDIRECT,
                },
                "x509cert": provider.certificates[0],
            },
            "security": _security(provider),
        }
    )


def _own_side(own: SAMLAddresses, provider: SAMLProvider | None) -> dict[str, Any]:
    return {
        "entityId": own.entity_id,
        "assertionConsumerService": {"url": own.acs_url, "binding": OneLogin_Saml2_Constants.BINDING_HTTP_POST},
        "NameIDFormat": OneLogin_Saml2_Constants.NAMEID_UNSPECIFIED,
        "x509cert": provider.own_certificate if provider else "",
        "x509certNew": provider.second_certificate if provider else "",
        "privateKey": own_private_key(provider) if provider else "",
    }


def _security(provider: SAMLProvider | None) -> dict[str, Any]:
    return {
        "authnRequestsSigned": provider.signs_requests if provider else False,
        "wantAssertionsSigned": True,
        "wantAssertionsEncrypted": provider.wants_encryption if provider else False,
        "signatureAlgorithm": OneLogin_Saml2_Constants.RSA_SHA256,
        "digestAlgorithm": OneLogin_Saml2_Constants.SHA256,
        "requestedAuthnContext": False,
        # Many providers are given our metadata once, as a file: they must not take it for stale two days later.
        "metadataValidUntil": "",
        "metadataCacheDuration": "P1D",
    }


def _say_how_to_encrypt(root: "etree._Element") -> None:
    """A provider that reads it chooses a method that we open."""
    for key in root.iter(f"{{{_MD}}}KeyDescriptor"):
        if key.get("use") == "encryption":
            for method in ENCRYPTION_METHODS:
                etree.SubElement(key, f"{{{_MD}}}EncryptionMethod", Algorithm=method)


def _announce_logout(root: "etree._Element", sls_url: str) -> None:
    name_format = next(root.iter(f"{{{_MD}}}NameIDFormat"))
    for binding in (OneLogin_Saml2_Constants.BINDING_HTTP_REDIRECT, OneLogin_Saml2_Constants.BINDING_HTTP_POST):
        service = etree.Element(f"{{{_MD}}}SingleLogoutService", Binding=binding, Location=sls_url)
        name_format.addprevious(service)
