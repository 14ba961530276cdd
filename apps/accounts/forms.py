"""The shape of what people send to this room."""

import hashlib
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.accounts.capabilities import Capability, RoleName
from apps.accounts.choices import PROGRAM_ROLE_CHOICES, ROLE_CHOICES, SecondFactorRule, Theme, time_zone_names
from apps.accounts.models import User
from apps.accounts.models.branding import LONGEST_DISPLAY_NAME, LONGEST_SIGN_IN_TEXT
from apps.accounts.models.sign_in_policy import LONGEST_IDLE_S, LONGEST_SESSION_S
from apps.accounts.models.user import LONGEST_PASSWORD
from apps.accounts.policies import may_grant_role
from apps.accounts.selectors import SecondFactors
from apps.accounts.services.issue_api_key import LONGEST_LIFE_DAYS
from apps.accounts.services.service_accounts import LONGEST_PURPOSE
from apps.accounts.team_selectors import teams_for
from apps.kernel.http.problem_details import sentence_of

LIVES = [(30, _("30 days")), (90, _("90 days")), (180, _("180 days")), (LONGEST_LIFE_DAYS, _("One year"))]
OVERLAPS = [(0, _("It ends at once")), (1, _("One day")), (3, _("3 days")), (7, _("7 days"))]
SCOPE_LABELS = {
    Capability.READ_DOCUMENTS: _("Read documents and results"),
    Capability.UPLOAD_DOCUMENTS: _("Upload and edit documents"),
    Capability.RUN_ANALYSIS: _("Run analyses"),
    Capability.DECIDE_FEEDBACK: _("Decide on feedback"),
    Capability.APPROVE_REVIEW: _("Approve reviews"),
    Capability.EXPORT_REPORTS: _("Export reports"),
    Capability.DELETE_DOCUMENTS: _("Delete documents"),
    Capability.MANAGE_ORGANIZATION: _("Manage the organization"),
    Capability.READ_AUDIT: _("Read the audit log"),
    Capability.MANAGE_PLATFORM: _("Manage the platform"),
}


class PortalForm(forms.Form):
    """A form whose controls wear the portal's classes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.setdefault("class", _class_of(field.widget))


def _class_of(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput | forms.CheckboxSelectMultiple):
        return "form-check-input"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"


def _password(label: Any, autocomplete: str) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, max_length=LONGEST_PASSWORD, widget=widget)


def _email(autocomplete: str) -> forms.EmailField:
    return forms.EmailField(
        label=_("E-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": autocomplete})
    )


class SignInForm(PortalForm):
    """Address and password. Neither is judged here: the answer must be the same for whatever is wrong."""

    email = forms.CharField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    password = _password(_("Password"), "current-password")


class DirectorySignInForm(PortalForm):
    """Name and password in the organization's directory. Neither is judged here."""

    user_name = forms.CharField(
        label=_("User name or e-mail address"),
        max_length=254,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autofocus": True, "spellcheck": "false", "autocapitalize": "none"}
        ),
    )
    password = _password(_("Password"), "current-password")


class CodeForm(PortalForm):
    """A code of an authenticator app, or a recovery code."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autofocus": True, "spellcheck": "false", "autocapitalize": "none"}
        ),
    )


class ConfirmForm(CodeForm):
    """A code, for those who have a second factor; the password for the others."""

    current = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )

    def __init__(self, *args: Any, factors: SecondFactors, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["current" if factors.are_there else "code"]
        if "code" in self.fields:
            self.fields["code"].label = (
                _("A code of your authenticator app, or a recovery code") if factors.has_app else _("A recovery code")
            )


class SignInPolicyForm(PortalForm):
    """The rules for signing in, in units that people think in."""

    second_factor = forms.ChoiceField(
        label=_("Who has to show a second factor besides the password"),
        choices=SecondFactorRule.choices,
        help_text=_("Who comes by single sign-on has shown it there; the password of a directory is only a password."),
    )
    idle_minutes = forms.IntegerField(
        label=_("A session ends when it was idle for (minutes)"), min_value=5, max_value=LONGEST_IDLE_S // 60
    )
    longest_hours = forms.IntegerField(
        label=_("A session ends in any case after (hours)"), min_value=1, max_value=LONGEST_SESSION_S // 3600
    )


class ForgottenForm(PortalForm):
    """The address to send a link to."""

    email = _email("username")


class NewPasswordForm(PortalForm):
    """A new password, twice."""

    password = _password(_("New password"), "new-password")
    again = _password(_("New password, again"), "new-password")

    def clean(self) -> dict[str, Any]:
        """Both are the same."""
        values = super().clean() or {}
        if values.get("password") != values.get("again"):
            raise ValidationError({"again": _("The two passwords differ.")})
        return values


class JoinForm(NewPasswordForm):
    """What an invited person adds."""

    name = forms.CharField(label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    field_order = ["name", "password", "again"]


class ChangePasswordForm(NewPasswordForm):
    """The current password, and a new one twice."""

    current = _password(_("Current password"), "current-password")
    field_order = ["current", "password", "again"]


class ProfileForm(PortalForm):
    """Name and preferences."""

    name = forms.CharField(label=_("Name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    theme = forms.ChoiceField(label=_("Appearance"), choices=Theme.choices)
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=lambda: [(name, name.replace("_", " ")) for name in time_zone_names()]
    )
    keys_enabled = forms.BooleanField(
        label=_("Single-key shortcuts"),
        required=False,
        help_text=_("Switch them off if you use a screen reader or dictate."),
    )


class ApiKeyForm(PortalForm):
    """What the key is for, what it may do, and how long it lives."""

    key_name = forms.CharField(label=_("What it is for"), max_length=100)
    scopes = forms.MultipleChoiceField(label=_("What it may do"), widget=forms.CheckboxSelectMultiple)
    life_days = forms.TypedChoiceField(label=_("How long it lives"), choices=LIVES, coerce=int, initial=90)

    def __init__(self, *args: Any, owner: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        granted, scopes = owner.grants(), cast("forms.MultipleChoiceField", self.fields["scopes"])
        scopes.choices = [(scope.value, label) for scope, label in SCOPE_LABELS.items() if scope in granted]


class RotateKeyForm(PortalForm):
    """How long the secret of before goes on, and how long the new one lives."""

    overlap_days = forms.TypedChoiceField(
        label=_("How long the present key goes on working"),
        choices=OVERLAPS,
        coerce=int,
        initial=1,
        help_text=_(
            "Give your programs the new key meanwhile. When the present one got into wrong hands, end it at once."
        ),
    )
    life_days = forms.TypedChoiceField(label=_("How long the new key lives"), choices=LIVES, coerce=int, initial=90)


class ServiceAccountForm(PortalForm):
    """A program that belongs to the organization."""

    name = forms.CharField(label=_("Name"), max_length=150)
    purpose = forms.CharField(label=_("What it is for"), max_length=LONGEST_PURPOSE)
    role = forms.ChoiceField(label=_("Role"), choices=PROGRAM_ROLE_CHOICES)
    responsible = forms.EmailField(
        label=_("E-mail address of who is responsible"),
        max_length=254,
        help_text=_("This person is told when a key ends; administrators are told when this person leaves."),
        widget=forms.EmailInput(attrs={"list": "colleagues", "autocomplete": "off"}),
    )


class InviteForm(PortalForm):
    """Whom to invite, as what, into which team."""

    email = _email("off")
    name = forms.CharField(label=_("Name"), max_length=150, required=False)
    role = forms.ChoiceField(label=_("Role"))
    team = forms.ChoiceField(label=_("Team"), required=False)

    def __init__(self, *args: Any, inviter: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["role"]).choices = roles_to_grant(inviter)
        cast("forms.ChoiceField", self.fields["team"]).choices = [("", _("None")), *_teams_of(inviter)]


class InviteManyForm(PortalForm):
    """A list of people and what is wished for it. `checked` is the digest of what was looked at before it is sent."""

    # A browser would ask for words although a file was chosen.
    use_required_attribute = False

    text = forms.CharField(
        label=_("The list, one person a line"),
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocapitalize": "none", "dir": "ltr"}),
    )
    usual_role = forms.ChoiceField(
        label=_("Role of those for whom the list names none"), choices=ROLE_CHOICES[:-1], initial="analyst"
    )
    renews = forms.BooleanField(
        label=_("Send a new link to people who are invited already"),
        required=False,
        help_text=_("Their old link then stops working."),
    )
    makes_teams = forms.BooleanField(
        label=_("Make teams that do not exist yet"),
        required=False,
        help_text=_("Otherwise a line with an unknown team is left out."),
    )
    batch_id = forms.UUIDField(widget=forms.HiddenInput)
    checked = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    deed = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """A file that could not be read is no list."""
        values = super().clean() or {}
        if (fault := self.data.get("fault")) is not None:
            self.errors.pop("text", None)
            self.add_error(None, sentence_of(fault))
        return values

    def is_confirmed(self) -> bool:
        """Is this to be sent, and the very list that was looked at?"""
        said = self.cleaned_data
        return bool(said["deed"] == "send" and said["checked"] == self._digest())

    def as_checked(self) -> "InviteManyForm":
        """The same form as it is sent once the list has been looked at."""
        said = {name: value for name, value in self.cleaned_data.items() if value not in (False, None)}
        return InviteManyForm(said | {"checked": self._digest(), "deed": ""})

    def _digest(self) -> str:
        # Browsers send other line ends than a file has.
        said = self.cleaned_data
        text = "\n".join(said["text"].splitlines())
        wishes = f"{said['usual_role']} {said['renews']} {said['makes_teams']} {said['batch_id']}"
        return hashlib.sha256(f"{wishes}\n{text}".encode()).hexdigest()


class TeamForm(PortalForm):
    """A team's name."""

    name = forms.CharField(
        label=_("Name of the team"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class MemberForm(PortalForm):
    """Who comes into a team."""

    member = forms.EmailField(
        label=_("E-mail address of the person"),
        max_length=254,
        widget=forms.EmailInput(attrs={"list": "others", "autocomplete": "off"}),
    )


class MemberFilter(PortalForm):
    """Which members of a team are shown."""

    q = forms.CharField(label=_("Name or e-mail address"), required=False, max_length=100)


class RoleForm(PortalForm):
    """A new role for somebody."""

    role = forms.ChoiceField(label=_("Role"), choices=ROLE_CHOICES)


class HeirForm(PortalForm):
    """Who takes over what a person owned."""

    heir = forms.EmailField(
        label=_("E-mail address of the colleague who takes over"),
        required=False,
        max_length=254,
        help_text=_("Restricted documents go to team leads and administrators alone."),
        widget=forms.EmailInput(attrs={"list": "heirs", "autocomplete": "off"}),
    )
    deed = forms.ChoiceField(choices=[("deactivate", ""), ("hand_over", "")], widget=forms.HiddenInput)


class LookForm(PortalForm):
    """The organization's look in words; what is left empty looks as the product does."""

    display_name = forms.CharField(
        label=_("Name on pages and in mail"), required=False, max_length=LONGEST_DISPLAY_NAME
    )
    sign_in_text = forms.CharField(
        label=_("Text on the sign-in page"),
        required=False,
        max_length=LONGEST_SIGN_IN_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    light_accent = forms.CharField(
        label=_("Colour on light ground"),
        required=False,
        max_length=7,
        widget=forms.TextInput(attrs={"placeholder": "#2d55c9", "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Buttons, links and what is chosen. It must be easy to read."),
    )
    dark_accent = forms.CharField(
        label=_("Colour on dark ground"),
        required=False,
        max_length=7,
        widget=forms.TextInput(attrs={"placeholder": "#8fb0ff", "autocomplete": "off", "spellcheck": "false"}),
    )
    sender_name = forms.CharField(label=_("Sender's name in mail"), required=False, max_length=LONGEST_DISPLAY_NAME)
    reply_to = forms.EmailField(label=_("Address for replies to mail"), required=False, max_length=254)


class PeopleFilter(PortalForm):
    """The list's filter, kept in the address."""

    q = forms.CharField(label=_("Name or e-mail address"), required=False, max_length=100)
    role = forms.ChoiceField(label=_("Role"), required=False, choices=[("", _("Every role")), *ROLE_CHOICES])
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("Everybody")), ("active", _("Active")), ("inactive", _("Deactivated"))],
    )
    team = forms.ChoiceField(label=_("Team"), required=False)

    def __init__(self, *args: Any, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["team"]).choices = [("", _("Every team")), *_teams_of(reader)]


def _teams_of(user: User) -> list[tuple[str, str]]:
    return [(str(team.pk), team.name) for team in teams_for(user)]


def roles_to_grant(user: User) -> list[tuple[str, Any]]:
    """The roles that this person may give, as choices."""
    return [(value, label) for value, label in ROLE_CHOICES if may_grant_role(user, RoleName(value))]
