"""The shape of what an administrator sends about single sign-on."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.accounts.choices import DIRECTORY_PRESETS, MAPPED_ROLE_CHOICES, ConnectionKind, ProviderPreset
from apps.accounts.forms import PortalForm
from apps.accounts.models import GroupRule, SSOConnection, Team
from apps.accounts.services.connect_sso import AdmissionRules
from apps.accounts.sso.attributes import usual_names

_MOST_RULES = 200
_OFFERED_KINDS = (ConnectionKind.SAML, ConnectionKind.OIDC)


class NewConnectionForm(PortalForm):
    """Which provider, and how people know it."""

    preset = forms.ChoiceField(label=_("Identity provider"), choices=ProviderPreset.choices)
    kind = forms.ChoiceField(
        label=_("Protocol"),
        choices=[(kind.value, kind.label) for kind in _OFFERED_KINDS],
        required=False,
        help_text=_("Active Directory and other directories are always asked by LDAP."),
    )
    name = forms.CharField(
        label=_("Name on the sign-in page"), max_length=100, help_text=_("For example: Okta, or your company's name")
    )

    def clean_kind(self) -> ConnectionKind:
        """The protocol; SAML when nothing was said. A directory has one of its own."""
        if self.cleaned_data.get("preset") in DIRECTORY_PRESETS:
            return ConnectionKind.LDAP
        return ConnectionKind(self.cleaned_data["kind"] or ConnectionKind.SAML)


class AdmissionForm(PortalForm):
    """Who may come, as what, and what groups mean."""

    admits_new_people = forms.BooleanField(
        label=_("Make an account for whoever comes for the first time"),
        required=False,
        help_text=_("Only for addresses of your proven mail domains. Without it, people need an invitation first."),
    )
    default_role = forms.ChoiceField(label=_("Role of new people"), choices=MAPPED_ROLE_CHOICES)
    follows_groups = forms.BooleanField(
        label=_("Bring roles and teams in step with groups at every sign-in"),
        required=False,
        help_text=_("Administrators keep their role: a provider neither makes nor unmakes one."),
    )
    rules = forms.CharField(
        label=_("What groups mean"),
        required=False,
        max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false"}),
        help_text=_("One a line: group = role or team, for example: prism-analysts = analyst, or: fraud = team Fraud"),
    )
    email_attribute = forms.CharField(label=_("Attribute with the e-mail address"), required=False, max_length=200)
    name_attribute = forms.CharField(label=_("Attribute with the name"), required=False, max_length=200)
    groups_attribute = forms.CharField(label=_("Attribute with the groups"), required=False, max_length=200)

    group_rules: list[tuple[str, str, Team | None]]

    def clean_rules(self) -> str:
        """Read the lines into `group_rules`."""
        text: str = self.cleaned_data["rules"]
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if len(lines) > _MOST_RULES:
            raise ValidationError(_("At most %(most)s lines.") % {"most": _MOST_RULES})
        teams = {team.name.casefold(): team for team in Team.objects.all()}
        self.group_rules = [_rule(line, teams) for line in lines]
        if len({(group, team) for group, _role, team in self.group_rules}) != len(lines):
            raise ValidationError(_("A group is given a role twice."))
        return text

    def admission(self) -> AdmissionRules:
        """The rules apart from groups."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "rules"}
        return AdmissionRules(**values)


class DomainForm(PortalForm):
    """A mail domain of the organization."""

    domain = forms.CharField(
        label=_("Mail domain"), max_length=253, widget=forms.TextInput(attrs={"placeholder": "example.com"})
    )


def admission_form(connection: SSOConnection) -> AdmissionForm:
    """Filled with what holds now; an attribute that is not named shows the provider's usual one."""
    initial = {name: getattr(connection, name) for name in AdmissionForm.base_fields if name != "rules"}
    form = AdmissionForm(initial={**initial, "rules": "\n".join(map(_line, connection.rules.select_related("team")))})
    usual = usual_names(connection)
    for name in ("email", "name", "groups"):
        form.fields[f"{name}_attribute"].widget.attrs["placeholder"] = getattr(usual, name)
    return form


def _line(rule: GroupRule) -> str:
    return f"{rule.group} = {rule.role or f'team {rule.team}'}"


def _rule(line: str, teams: dict[str, Team]) -> tuple[str, str, Team | None]:
    group, equals, meaning = (part.strip() for part in line.rpartition("="))
    meaning = meaning.casefold()
    if not equals or not 1 <= len(group) <= 255:
        raise ValidationError(_("This line is not understood: %(line)s") % {"line": line[:100]})
    if meaning in {role for role, _label in MAPPED_ROLE_CHOICES}:
        return group, meaning, None
    team = teams.get(meaning.removeprefix("team").strip()) if meaning.startswith("team") else None
    if team is None:
        raise ValidationError(_("There is no such role or team: %(line)s") % {"line": line[:100]})
    return group, "", team
