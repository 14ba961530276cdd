"""What the pages of SAML connections show beside what every connection has."""

from typing import Any

from apps.accounts.choices import ProviderPreset
from apps.accounts.models import SAMLProvider, SSOConnection, User
from apps.accounts.saml_forms import CertificateForm, MetadataAddressForm, ProviderForm, protection_form
from apps.accounts.selectors import connections_for
from apps.accounts.sso.addresses import saml_addresses
from apps.accounts.sso.attributes import names_of
from apps.accounts.sso.certificate_ends import CertificateEnd, certificate_end, certificate_ends
from apps.accounts.sso.provider_words import words_of
from apps.kernel.clock import now


def saml_context(connection: SSOConnection) -> dict[str, Any]:
    """Our values in the provider's words, the provider as it is known, and our keys."""
    provider = SAMLProvider.objects.filter(connection=connection).first()
    return {
        "provider": provider,
        "certificates": _ends(provider, provider.certificates if provider else []),
        "own_keys": _ends(provider, _own_certificates(provider), is_ours=True),
        "own": saml_addresses(connection),
        "words": words_of(ProviderPreset(connection.preset)),
        "usual": names_of(connection),
        "provider_form": ProviderForm(),
        "address_form": MetadataAddressForm(initial={"url": provider.metadata_url if provider else ""}),
        "certificate_form": CertificateForm(),
        "protection_form": protection_form(provider),
    }


def ends_of_certificates(user: User) -> list[CertificateEnd]:
    """Of all connections that this administrator sees, soonest first."""
    described = [connection.saml_provider for connection in connections_for(user).exclude(saml_provider=None)]
    return certificate_ends(described, at=now())


def _own_certificates(provider: SAMLProvider | None) -> list[str]:
    """The one that signs first."""
    return [pem for pem in (provider.own_certificate, provider.second_certificate) if pem] if provider else []


def _ends(provider: SAMLProvider | None, pems: list[str], *, is_ours: bool = False) -> list[CertificateEnd]:
    return [certificate_end(provider, pem, at=now(), is_ours=is_ours) for pem in pems] if provider else []
