"""Our side of a connection: the addresses that the organization's administrator copies into the provider."""

from dataclasses import dataclass

from django.urls import reverse

from apps.accounts.models import SSOConnection
from apps.tenants.selectors import absolute_link


@dataclass(frozen=True, slots=True)
class SAMLAddresses:
    """Absolute addresses on the organization's primary host; a Host header that somebody sent has no say in them."""

    entity_id: str
    acs_url: str
    login_url: str
    sls_url: str


def saml_addresses(connection: SSOConnection) -> SAMLAddresses:
    """Of this connection. The entity id is where our metadata lie."""
    # One look-up of the host for all of them: an answer waits for it.
    origin = absolute_link("")

    def address(name: str) -> str:
        return origin + reverse(f"accounts:{name}", args=[connection.slug])

    return SAMLAddresses(
        entity_id=address("saml_metadata"),
        acs_url=address("saml_acs"),
        login_url=address("saml_login"),
        sls_url=address("saml_sls"),
    )


@dataclass(frozen=True, slots=True)
class OIDCAddresses:
    """Where a provider sends browsers back to, to the letter, where a sign-in begins, and where it says that sessions are over."""

    redirect_uri: str
    login_url: str
    back_channel_url: str


def oidc_addresses(connection: SSOConnection) -> OIDCAddresses:
    """Of this connection alone: an answer that comes to another one's address is not for this one."""
    return OIDCAddresses(
        redirect_uri=absolute_link(reverse("accounts:oidc_callback", args=[connection.slug])),
        login_url=absolute_link(reverse("accounts:oidc_login", args=[connection.slug])),
        back_channel_url=absolute_link(reverse("accounts:oidc_back_channel_logout", args=[connection.slug])),
    )


def scim_address() -> str:
    """Where a provider's directory sends what it says; which connection it is, its token tells."""
    return absolute_link(reverse("scim:nothing")).rstrip("/")
