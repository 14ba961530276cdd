"""What the page of an OpenID Connect connection shows beside what every connection has."""

from typing import Any

from apps.accounts.choices import ProviderPreset
from apps.accounts.models import OIDCProvider, SSOConnection
from apps.accounts.oidc_forms import open_id_provider_form
from apps.accounts.sso.addresses import oidc_addresses
from apps.accounts.sso.attributes import names_of
from apps.accounts.sso.oidc_words import open_id_words_of


def oidc_context(connection: SSOConnection) -> dict[str, Any]:
    """Our addresses in the provider's words, and the provider as it is known."""
    provider = OIDCProvider.objects.filter(connection=connection).first()
    return {
        "provider": provider,
        "own": oidc_addresses(connection),
        "words": open_id_words_of(ProviderPreset(connection.preset)),
        "usual": names_of(connection),
        "provider_form": open_id_provider_form(provider),
    }
