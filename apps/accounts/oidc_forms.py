"""The shape of what an administrator says about an OpenID provider."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.accounts.forms import PortalForm
from apps.accounts.models import OIDCProvider
from apps.accounts.services.connect_oidc import Registration

_SCOPES = re.compile(r"[!#-\[\]-~]+( [!#-\[\]-~]+)*")
_USUAL_SCOPES = "openid email profile"


class OpenIDProviderForm(PortalForm):
    """Which provider, and what it knows us as. A secret that is known is never shown; left empty, it stays."""

    address = forms.CharField(
        label=_("Issuer, or address of the discovery document"),
        max_length=1024,
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocomplete": "off"}),
    )
    client_id = forms.CharField(
        label=_("Client ID"),
        max_length=255,
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocomplete": "off"}),
    )
    client_secret = forms.CharField(
        label=_("Client secret"),
        required=False,
        max_length=2000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Kept sealed and never shown again. Leave it empty to keep the one that is known."),
    )
    scopes = forms.CharField(
        label=_("Scopes"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"spellcheck": "false", "placeholder": _USUAL_SCOPES}),
        help_text=_("Add “groups” if your provider sends groups only when asked. Leave it empty for the usual ones."),
    )

    def clean_client_id(self) -> str:
        """Printable ASCII, as the standard has it."""
        return _printable(self.cleaned_data["client_id"])

    def clean_client_secret(self) -> str:
        """Printable ASCII, as the standard has it."""
        return _printable(self.cleaned_data["client_secret"])

    def clean_scopes(self) -> str:
        """Words with a space between; `openid` is always among them."""
        text = " ".join(self.cleaned_data["scopes"].split()) or _USUAL_SCOPES
        if not _SCOPES.fullmatch(text):
            raise ValidationError(_("Scopes are words with a space between."))
        return text if "openid" in text.split() else f"openid {text}"[:300]

    def registration(self) -> Registration:
        """What was entered."""
        values: dict[str, Any] = self.cleaned_data
        return Registration(
            address=values["address"],
            client_id=values["client_id"],
            scopes=values["scopes"],
            client_secret=values["client_secret"],
        )


def open_id_provider_form(provider: OIDCProvider | None) -> OpenIDProviderForm:
    """Filled with what holds now, but for the secret."""
    if provider is None:
        return OpenIDProviderForm()
    initial = {"address": provider.issuer, "client_id": provider.client_id, "scopes": provider.scopes}
    return OpenIDProviderForm(initial=initial)


def _printable(text: str) -> str:
    if not text.isascii() or not text.isprintable():
        raise ValidationError(_("Only letters, digits and signs of ASCII."))
    return text
