"""Which attribute means what: the usual names of each provider, or the ones that the connection names."""

from dataclasses import dataclass
from types import MappingProxyType

from apps.accounts.choices import ConnectionKind, ProviderPreset
from apps.accounts.models import SSOConnection
from apps.accounts.sso.claims import Claims
from apps.accounts.sso.saml_profile import VerifiedAssertion

_XMLSOAP = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
_MICROSOFT = "http://schemas.microsoft.com/"


@dataclass(frozen=True, slots=True)
class AttributeNames:
    """The attributes with the address, the name and the groups; "" for one that is not sent."""

    email: str = ""
    name: str = ""
    groups: str = ""


USUAL_NAMES = MappingProxyType(
    {
        ProviderPreset.OKTA: AttributeNames("email", "displayName", "groups"),
        ProviderPreset.ENTRA: AttributeNames(
            f"{_XMLSOAP}emailaddress",
            f"{_MICROSOFT}identity/claims/displayname",
            f"{_MICROSOFT}ws/2008/06/identity/claims/groups",
        ),
        ProviderPreset.GOOGLE: AttributeNames("email", "name", "groups"),
        ProviderPreset.AWS: AttributeNames("email", "name", "groups"),
        ProviderPreset.ADFS: AttributeNames(
            f"{_XMLSOAP}emailaddress", f"{_XMLSOAP}name", "http://schemas.xmlsoap.org/claims/Group"
        ),
        ProviderPreset.KEYCLOAK: AttributeNames("email", "name", "groups"),
        ProviderPreset.ACTIVE_DIRECTORY: AttributeNames("mail", "displayName", "memberOf"),
        ProviderPreset.OPENLDAP: AttributeNames("mail", "cn", "memberOf"),
        ProviderPreset.OTHER: AttributeNames("email", "name", "groups"),
    }
)
"""As the providers' own documentation of their SAML applications names them."""
_OPEN_ID_NAMES = AttributeNames("email", "name", "groups")
"""The standard's own names, which every provider keeps to; groups are no part of it, but everybody's name for them."""


def usual_names(connection: SSOConnection) -> AttributeNames:
    """What the connection's provider usually sends."""
    if connection.kind == ConnectionKind.OIDC:
        return _OPEN_ID_NAMES
    return USUAL_NAMES[ProviderPreset(connection.preset)]


def names_of(connection: SSOConnection) -> AttributeNames:
    """What the connection names, else what its provider usually sends."""
    usual = usual_names(connection)
    return AttributeNames(
        email=connection.email_attribute or usual.email,
        name=connection.name_attribute or usual.name,
        groups=connection.groups_attribute or usual.groups,
    )


def claims_of(connection: SSOConnection, believed: VerifiedAssertion) -> Claims:
    """The assertion as claims. Without an attribute for the address, a subject that is one stands for it."""
    names, found = names_of(connection), believed.attributes
    email = next(iter(found.get(names.email, ())), "")
    return Claims(
        subject=believed.subject,
        email=email or (believed.subject if "@" in believed.subject else ""),
        name=next(iter(found.get(names.name, ())), ""),
        groups=frozenset(found.get(names.groups, ())),
        attributes=found,
    )
