"""The words of people and their preferences."""

from zoneinfo import available_timezones

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.accounts.capabilities import PROGRAM_ROLES, RoleName

ROLE_CHOICES = [
    (RoleName.VIEWER.value, _("Viewer")),
    (RoleName.ANALYST.value, _("Analyst")),
    (RoleName.TEAM_LEAD.value, _("Team lead")),
    (RoleName.ORG_ADMIN.value, _("Organization administrator")),
    (RoleName.SYSTEM_ADMIN.value, _("Platform operator")),
]


MAPPED_ROLE_CHOICES = [
    (value, label)
    for value, label in ROLE_CHOICES
    if value in {RoleName.VIEWER.value, RoleName.ANALYST.value, RoleName.TEAM_LEAD.value}
]
"""The roles that an identity provider may give: it never makes an administrator."""


PROGRAM_ROLE_CHOICES = [(value, label) for value, label in ROLE_CHOICES if value in PROGRAM_ROLES]
"""The roles that a service account may have."""


class ConnectionKind(models.TextChoices):
    """The protocol of an identity provider."""

    SAML = "saml", "SAML 2.0"
    OIDC = "oidc", "OpenID Connect"
    LDAP = "ldap", "LDAP / Active Directory"


class ProviderPreset(models.TextChoices):
    """Products whose usual names of attributes and places of settings are known."""

    OKTA = "okta", "Okta"
    ENTRA = "entra", "Microsoft Entra ID"
    GOOGLE = "google", "Google Workspace"
    AWS = "aws", "AWS IAM Identity Center"
    ADFS = "adfs", "AD FS"
    KEYCLOAK = "keycloak", "Keycloak"
    ACTIVE_DIRECTORY = "active_directory", _("Active Directory (LDAP)")
    OPENLDAP = "openldap", _("OpenLDAP or another LDAP directory")
    OTHER = "other", _("Another provider")


DIRECTORY_PRESETS = frozenset({ProviderPreset.ACTIVE_DIRECTORY, ProviderPreset.OPENLDAP})
"""Products that are asked by LDAP."""


class LDAPTransport(models.TextChoices):
    """How a directory's server is spoken to."""

    LDAPS = "ldaps", _("LDAPS: TLS from the first byte (usual port 636)")
    STARTTLS = "starttls", _("StartTLS: TLS before anything is said (usual port 389)")
    PLAIN = "plain", _("Without TLS, to a server on the same machine")


class GroupSource(models.TextChoices):
    """Where a directory says in which groups a person is."""

    MEMBER_OF = "member_of", _("In an attribute of the person (memberOf)")
    SEARCH = "search", _("In the groups, which name their members")
    NESTED = "nested", _("In the groups, and groups within groups (Active Directory)")


class SubjectSource(models.TextChoices):
    """Which attribute of SCIM holds what the provider sends as a person's name at sign-in (SAML: NameID)."""

    USER_NAME = "user_name", "userName"
    EXTERNAL_ID = "external_id", "externalId"


class SecondFactorRule(models.TextChoices):
    """Who needs more than a password, ours or a directory's. Who comes through an identity provider has shown it there."""

    NOBODY = "nobody", _("Nobody has to")
    ADMINS = "admins", _("Administrators")
    EVERYONE = "everyone", _("Everyone")


class LineOutcome(models.TextChoices):
    """What becomes of one line of a list of people: what will happen (INVITE, RENEW), what did, or why nothing can."""

    INVITE = "invite", _("Gets an invitation")
    RENEW = "renew", _("Gets a new link; the old one ends")
    INVITED = "invited", _("Invited")
    RENEWED = "renewed", _("Invited anew")
    INVITED_BEFORE = "invited_before", _("Is invited already")
    ALREADY_HERE = "already_here", _("Has an account here")
    DEACTIVATED = "deactivated", _("Has an account here that is deactivated; reactivate it instead")
    DUPLICATE = "duplicate", _("The same address stands in an earlier line")
    NO_ADDRESS = "no_address", _("There is no e-mail address")
    BAD_ADDRESS = "bad_address", _("This is no e-mail address")
    LONG_NAME = "long_name", _("The name is longer than 150 characters")
    UNKNOWN_ROLE = "unknown_role", _("There is no role of this name")
    ROLE_NOT_YOURS = "role_not_yours", _("You may not give this role")
    UNKNOWN_TEAM = "unknown_team", _("There is no team of this name")
    LONG_TEAM = "long_team", _("The name of the team is longer than 100 characters")
    NOT_ALLOWED = "not_allowed", _("Who asked for this may not invite any more")


SENDING = frozenset({LineOutcome.INVITE, LineOutcome.RENEW})
"""Outcomes of a plan by which mail leaves."""

HARMLESS = frozenset({LineOutcome.INVITED_BEFORE, LineOutcome.ALREADY_HERE, LineOutcome.INVITED, LineOutcome.RENEWED})
"""Outcomes that nobody needs to do anything about."""


class SignInWay(models.TextChoices):
    """What somebody showed to begin a session."""

    PASSWORD = "password", _("Password")
    SECOND_FACTOR = "second_factor", _("Password and second factor")
    PASSKEY = "passkey", _("Passkey")
    SSO = "sso", _("Single sign-on")
    DIRECTORY = "directory", _("Password of the organization's directory")


class Theme(models.TextChoices):
    """How pages look; automatic follows the device."""

    AUTO = "auto", _("Automatic")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


def time_zone_names() -> list[str]:
    """The zones that people can choose, by region and place; neither aliases like `EST` nor fixed offsets."""
    regions = (
        "Africa/",
        "America/",
        "Antarctica/",
        "Asia/",
        "Atlantic/",
        "Australia/",
        "Europe/",
        "Indian/",
        "Pacific/",
    )
    return ["UTC", *sorted(name for name in available_timezones() if name.startswith(regions))]


def shown_device(device: str) -> str:
    """A device's stored name (device_names.py) in the reader's language."""
    browser, on, system = device.partition(" on ")
    return gettext("%(browser)s on %(system)s") % {"browser": browser, "system": system} if on else device
