"""The words of people and their preferences."""

from zoneinfo import available_timezones

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.accounts.capabilities import PROGRAM_ROLES, RoleName
from apps.accounts.risk.engine import Verdict
from apps.accounts.risk.signals import Signal

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


class RiskMode(models.TextChoices):
    """What the organization does about risky sign-ins."""

    OFF = "off", _("Do not judge sign-ins")
    OBSERVE = "observe", _("Watch: judge and record, let everybody in")
    ENFORCE = "enforce", _("Enforce: ask for more, or stop the sign-in")


class RiskVerdict(models.TextChoices):
    """What a sign-in's score calls for; the words are the engine's."""

    ALLOW = Verdict.ALLOW.value, _("let in")
    STEP_UP = Verdict.STEP_UP.value, _("second factor")
    DENY = Verdict.DENY.value, _("stopped")


class SignInWay(models.TextChoices):
    """What somebody showed to begin a session."""

    PASSWORD = "password", _("Password")
    SECOND_FACTOR = "second_factor", _("Password and second factor")
    PASSKEY = "passkey", _("Passkey")
    SSO = "sso", _("Single sign-on")
    DIRECTORY = "directory", _("Password of the organization's directory")


SIGNAL_LABELS = {
    Signal.NEW_DEVICE: _("new device"),
    Signal.NEW_COUNTRY: _("new country"),
    Signal.IMPOSSIBLE_TRAVEL: _("too far from the last sign-in for the time between"),
    Signal.UNUSUAL_HOUR: _("night, and not the person's habit"),
    Signal.MANY_SIGN_INS: _("many sign-ins within an hour"),
    Signal.MANY_NETWORKS: _("several networks within an hour"),
    Signal.FAILED_ON_ACCOUNT: _("failed attempts on the account"),
    Signal.FAILED_ON_NETWORK: _("failed attempts from the network"),
    Signal.KNOWN_PASSWORD: _("a common or breached password"),
    Signal.POWERFUL_ROLE: _("a role with power"),
    Signal.DORMANT_ACCOUNT: _("account not used for a long time"),
    Signal.FRESH_ACCOUNT: _("new account"),
    Signal.EMERGENCY_ACCESS: _("emergency access"),
}


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


def shown_signals(signals: str) -> str:
    """The record's list of signals and weights (`new_country 0.35, …`) in the reader's language."""
    named = {signal.value: label for signal, label in SIGNAL_LABELS.items()}
    parts = [part.rpartition(" ") for part in signals.split(", ")]
    return ", ".join(f"{named.get(name, name)} {weight}".strip() for name, _space, weight in parts)
