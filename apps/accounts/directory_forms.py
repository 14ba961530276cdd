"""The shape of what an administrator says about a directory."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.accounts.choices import GroupSource, LDAPTransport, ProviderPreset
from apps.accounts.forms import PortalForm
from apps.accounts.models import LDAPDirectory, SSOConnection
from apps.accounts.services.describe_directory import DirectoryFacts
from apps.accounts.sso.certificates import read_certificate
from apps.accounts.sso.ldap_filter import USUAL_FILTERS, USUAL_IDENTIFIERS, is_good_template
from apps.accounts.sso.ldap_names import normal_dn
from apps.accounts.sso.ldap_places import MOST_SERVERS, read_server, written


class DirectoryForm(PortalForm):
    """Where the directory is, who asks it, and how it names people and groups."""

    servers = forms.CharField(
        label=_("Servers, one a line, the first one first"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false", "placeholder": "dc1.example.com"}),
        help_text=_("Names as they stand in the servers' certificates; a port only if it is not the usual one."),
    )
    transport = forms.ChoiceField(label=_("Encryption"))
    ca_certificates = forms.CharField(
        label=_("Certificates of your own authority (PEM)"),
        required=False,
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_("Empty: what public authorities have signed is trusted."),
    )
    bind_dn = forms.CharField(
        label=_("Service account (distinguished name)"),
        max_length=1024,
        help_text=_("An account that may read people and groups, and nothing else."),
    )
    bind_password = forms.CharField(
        label=_("Password of the service account"),
        required=False,
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("It is kept sealed and never shown. Empty: it stays as it is."),
    )
    search_base = forms.CharField(
        label=_("Where people are (search base)"),
        max_length=1024,
        widget=forms.TextInput(attrs={"placeholder": "OU=People,DC=example,DC=com"}),
    )
    user_filter = forms.CharField(
        label=_("Filter that finds a person"),
        max_length=1024,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
        help_text=_("{name} stands for what people type. Whom it does not find any more loses access here."),
    )
    id_attribute = forms.RegexField(r"^[A-Za-z][A-Za-z0-9-]{0,99}$", label=_("Attribute that never changes"))
    group_source = forms.ChoiceField(label=_("Where groups are read"), choices=GroupSource.choices)
    group_base = forms.CharField(
        label=_("Where groups are (search base)"),
        required=False,
        max_length=1024,
        help_text=_(
            "Groups below it may be called by their short name in step 3; others by their whole distinguished name."
        ),
    )
    member_attribute = forms.ChoiceField(
        label=_("Attribute of a group's members"),
        choices=[("member", "member"), ("uniqueMember", "uniqueMember")],
        help_text=_("For groups that name their members."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        is_plain_possible = settings.DIRECTORY_PLAIN_ON_LOOPBACK
        offered = [choice for choice in LDAPTransport.choices if choice[0] != LDAPTransport.PLAIN or is_plain_possible]
        cast("forms.ChoiceField", self.fields["transport"]).choices = offered

    def clean_ca_certificates(self) -> str:
        """Certificates, or nothing; a private key that was pasted along is not kept."""
        text: str = self.cleaned_data["ca_certificates"].strip()
        end = "-----END CERTIFICATE-----"
        try:
            return "".join(read_certificate(part + end).pem for part in text.split(end) if part.strip())
        except ValueError as error:
            raise ValidationError(_("These are no certificates, or their keys are too weak.")) from error

    def clean_bind_dn(self) -> str:
        """A name: without one the bind would be anonymous."""
        return _distinguished(self.cleaned_data["bind_dn"], also_address=True)

    def clean_search_base(self) -> str:
        """A name."""
        return _distinguished(self.cleaned_data["search_base"])

    def clean_group_base(self) -> str:
        """A name, or nothing."""
        text: str = self.cleaned_data["group_base"].strip()
        return _distinguished(text) if text else ""

    def clean_user_filter(self) -> str:
        """One that {name} is a whole value of."""
        text: str = self.cleaned_data["user_filter"].strip()
        if not is_good_template(text):
            raise ValidationError(_("This filter cannot be used. It is one in brackets, with {name} as a whole value."))
        return text

    def clean(self) -> dict[str, Any]:
        """Read the servers, whose usual port depends on the encryption."""
        values = super().clean() or {}
        lines = [line for line in values.get("servers", "").splitlines() if line.strip()]
        if lines and "transport" in values:
            try:
                values["servers"] = _places(lines, LDAPTransport(values["transport"]))
            except ValueError as error:
                self.add_error("servers", ValidationError(_("These are no servers of a directory."), code=str(error)))
        return values

    def facts(self) -> DirectoryFacts:
        """All of it but the password."""
        return DirectoryFacts(**{name: value for name, value in self.cleaned_data.items() if name != "bind_password"})


class DirectoryTrialForm(PortalForm):
    """Whom to look up in the directory."""

    user_name = forms.CharField(
        label=_("User name or e-mail address of somebody in the directory"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


def directory_form(connection: SSOConnection, directory: LDAPDirectory | None) -> DirectoryForm:
    """Filled with what holds now, else with what is usual for the product."""
    if directory is not None:
        names = [name for name in DirectoryForm.base_fields if name not in {"servers", "bind_password"}]
        initial = {name: getattr(directory, name) for name in names}
        return DirectoryForm(initial={**initial, "servers": "\n".join(directory.servers)})
    preset = ProviderPreset(connection.preset)
    return DirectoryForm(initial={"user_filter": USUAL_FILTERS[preset], "id_attribute": USUAL_IDENTIFIERS[preset]})


def _places(lines: list[str], transport: LDAPTransport) -> tuple[str, ...]:
    if len(lines) > MOST_SERVERS:
        message = "too many"
        raise ValueError(message)
    return tuple(dict.fromkeys(written(read_server(line, transport) for line in lines)))


def _distinguished(text: str, *, also_address: bool = False) -> str:
    """Active Directory also takes the account's address (user principal name) for its name."""
    text = text.strip()
    is_name = bool(normal_dn(text)) or (also_address and 1 < text.find("@") < len(text) - 1)
    if not is_name or not text.isprintable():
        raise ValidationError(_("This is no distinguished name, like OU=People,DC=example,DC=com."))
    return text
