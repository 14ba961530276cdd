"""A provider changes its key: know the new certificate beside the old one, then forget the old one."""

from uuid import UUID

from django.db import transaction

from apps.accounts.errors import LastCertificateError, ProviderMetadataError
from apps.accounts.models import SAMLProvider, User
from apps.accounts.services.saml_keys import lock_provider, record_change
from apps.accounts.sso.certificates import read_certificate
from apps.accounts.sso.saml_metadata import MOST_CERTIFICATES
from apps.kernel.errors import NotFoundError


@transaction.atomic
def add_provider_certificate(user: User, *, connection_id: UUID, pem: str) -> SAMLProvider:
    """Believe this certificate too. A private key, no certificate, or a sixth one is a ProviderMetadataError.

    Raises NotAllowedError, NotFoundError, ConnectionNotReadyError as well. One that is known already changes nothing.
    """
    provider = lock_provider(user, connection_id)
    if "PRIVATE KEY" in pem:
        raise ProviderMetadataError(problem="private_key")
    try:
        facts = read_certificate(pem)
    except ValueError as error:
        raise ProviderMetadataError(problem="certificate") from error
    if facts.pem in provider.certificates:
        return provider
    if len(provider.certificates) >= MOST_CERTIFICATES:
        raise ProviderMetadataError(problem="too_many_certificates")
    provider.certificates = [*provider.certificates, facts.pem]
    provider.save(update_fields=["certificates", "updated_at"])
    record_change(user, provider, f"certificate added: {facts.fingerprint}")
    return provider


@transaction.atomic
def remove_provider_certificate(user: User, *, connection_id: UUID, fingerprint: str) -> SAMLProvider:
    """Believe it no more. LastCertificateError for the only one; NotAllowedError, NotFoundError, ConnectionNotReadyError."""
    provider = lock_provider(user, connection_id)
    kept = [pem for pem in provider.certificates if read_certificate(pem).fingerprint != fingerprint]
    if len(kept) == len(provider.certificates):
        raise NotFoundError
    if not kept:
        raise LastCertificateError
    provider.certificates = kept
    provider.save(update_fields=["certificates", "updated_at"])
    record_change(user, provider, f"certificate removed: {fingerprint}")
    return provider
