"""The words of people and their preferences."""

from zoneinfo import available_timezones

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.accounts.capabilities import RoleName

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
    OTHER = "other", _("Another provider")


class SubjectSource(models.TextChoices):
    """Which attribute of SCIM holds what the provider sends as a person's name at sign-in (SAML: NameID)."""

    USER_NAME = "user_name", "userName"
    EXTERNAL_ID = "external_id", "externalId"


class SecondFactorRule(models.TextChoices):
    """Who needs more than a password. Who comes through an identity provider has shown it there."""

    NOBODY = "nobody", _("Nobody has to")
    ADMINS = "admins", _("Administrators")
    EVERYONE = "everyone", _("Everyone")


class SignInWay(models.TextChoices):
    """What somebody showed to begin a session."""

    PASSWORD = "password", _("Password")
    SECOND_FACTOR = "second_factor", _("Password and second factor")
    PASSKEY = "passkey", _("Passkey")
    SSO = "sso", _("Single sign-on")


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
