"""What the page of a SAML connection shows beside what every connection has."""

from typing import Any

from apps.accounts.choices import ProviderPreset
from apps.accounts.models import SAMLProvider, SSOConnection
from apps.accounts.saml_forms import ProviderForm
from apps.accounts.sso.addresses import saml_addresses
from apps.accounts.sso.attributes import names_of
from apps.accounts.sso.certificates import read_certificate
from apps.accounts.sso.provider_words import words_of


def saml_context(connection: SSOConnection) -> dict[str, Any]:
    """Our values in the provider's words, and the provider as it is known."""
    provider = SAMLProvider.objects.filter(connection=connection).first()
    return {
        "provider": provider,
        "certificates": [read_certificate(pem) for pem in provider.certificates] if provider else [],
        "own": saml_addresses(connection),
        "words": words_of(ProviderPreset(connection.preset)),
        "usual": names_of(connection),
        "provider_form": ProviderForm(),
    }
