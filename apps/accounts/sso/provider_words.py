"""How each provider calls the fields that our values go into, and where it hides its metadata."""

from dataclasses import dataclass
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.accounts.choices import ProviderPreset


@dataclass(frozen=True, slots=True)
class ProviderWords:
    """The provider's own labels for our addresses, and the way to its metadata."""

    acs: str
    entity_id: str
    where: str | Promise
    sls: str = "Single Logout (SLO) URL"


_WORDS = MappingProxyType(
    {
        ProviderPreset.OKTA: ProviderWords(
            "Single sign-on URL",
            "Audience URI (SP Entity ID)",
            _(
                "Applications → Create App Integration → SAML 2.0; the metadata are behind “View SAML setup instructions”."
            ),
        ),
        ProviderPreset.ENTRA: ProviderWords(
            "Reply URL (Assertion Consumer Service URL)",
            "Identifier (Entity ID)",
            _(
                "Enterprise applications → New → Create your own → Single sign-on → SAML; download “Federation Metadata XML”."
            ),
        ),
        ProviderPreset.GOOGLE: ProviderWords(
            "ACS URL", "Entity ID", _("Apps → Web and mobile apps → Add custom SAML app; download the metadata there.")
        ),
        ProviderPreset.AWS: ProviderWords(
            "Application ACS URL",
            "Application SAML audience",
            _(
                "IAM Identity Center → Applications → Add customer managed application; download the metadata file there."
            ),
        ),
        ProviderPreset.ADFS: ProviderWords(
            "Relying party SAML 2.0 SSO service URL",
            "Relying party trust identifier",
            _("Add Relying Party Trust; the metadata are at /FederationMetadata/2007-06/FederationMetadata.xml."),
        ),
        ProviderPreset.KEYCLOAK: ProviderWords(
            "Valid redirect URIs / Master SAML Processing URL",
            "Client ID",
            _(
                "Clients → Create client → SAML; the metadata are at Realm settings → SAML 2.0 Identity Provider Metadata."
            ),
        ),
        ProviderPreset.OTHER: ProviderWords(
            "Assertion Consumer Service (ACS) URL",
            "Entity ID / Audience",
            _("Make a SAML 2.0 application in your provider, and copy its metadata from there."),
        ),
    }
)


def words_of(preset: ProviderPreset) -> ProviderWords:
    """The words of this provider."""
    return _WORDS[preset]
