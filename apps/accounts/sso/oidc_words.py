"""How each provider calls the field that our redirect address goes into, where its issuer stands, and what else it needs."""

from dataclasses import dataclass
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from apps.accounts.choices import ProviderPreset


@dataclass(frozen=True, slots=True)
class OpenIDWords:
    """The provider's own label for our redirect address, the way to it, and what its issuer looks like."""

    redirect_uri: str
    where: str | Promise
    issuer: str


_OTHER = OpenIDWords(
    "Redirect URI / Callback URL",
    _(
        "Make a confidential client (web application, authorization code flow) in your provider; "
        "it gives you a client ID and a secret."
    ),
    "https://login.example.com",
)
_WORDS = MappingProxyType(
    {
        ProviderPreset.OKTA: OpenIDWords(
            "Sign-in redirect URIs",
            _(
                "Applications → Create App Integration → OIDC – OpenID Connect → Web Application. "
                "For groups, add a groups claim under Sign On."
            ),
            "https://example.okta.com",
        ),
        ProviderPreset.ENTRA: OpenIDWords(
            "Redirect URI (Web)",
            _(
                "App registrations → New registration → accounts in this directory only; then Certificates & secrets → "
                "New client secret. Under Token configuration add the optional claims email and xms_edov to the ID token "
                "(without xms_edov an address finds nobody), and a groups claim with “Groups assigned to the application”."
            ),
            "https://login.microsoftonline.com/⟨directory (tenant) ID⟩/v2.0",
        ),
        ProviderPreset.GOOGLE: OpenIDWords(
            "Authorized redirect URIs",
            _(
                "Google Cloud console → APIs & Services → Credentials → Create OAuth client ID → Web application; "
                "let the consent screen be internal. Google sends no groups."
            ),
            "https://accounts.google.com",
        ),
        ProviderPreset.KEYCLOAK: OpenIDWords(
            "Valid redirect URIs",
            _(
                "Clients → Create client → OpenID Connect, client authentication on, standard flow. "
                "For groups, add a mapper “Group Membership” with the claim name groups."
            ),
            "https://keycloak.example.com/realms/⟨realm⟩",
        ),
        ProviderPreset.ADFS: OpenIDWords(
            "Redirect URI",
            _("Application Groups → Add Application Group → Server application accessing a web API."),
            "https://adfs.example.com/adfs",
        ),
    }
)


def open_id_words_of(preset: ProviderPreset) -> OpenIDWords:
    """The words of this provider; general ones for a product whose words we do not know."""
    return _WORDS.get(preset, _OTHER)
