"""What nobody has to remember about identity providers: ends of certificates, and metadata that have changed."""

from apps.accounts.models import SAMLProvider
from apps.accounts.services.provider_metadata import refresh_due_metadata
from apps.accounts.services.warn_of_certificates import warn_of_certificates


def has_providers() -> bool:
    """Is there anything to watch in this organization?"""
    return SAMLProvider.objects.exists()


def watch_providers() -> None:
    """Look at the metadata first: a certificate that they bring, or take away, needs no warning."""
    refresh_due_metadata()
    warn_of_certificates()
