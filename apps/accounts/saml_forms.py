"""The shape of what an administrator sends about a SAML provider."""

from dataclasses import replace
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.accounts.errors import ProviderMetadataError
from apps.accounts.forms import PortalForm
from apps.accounts.models import SAMLProvider
from apps.accounts.services.saml_keys import Protection
from apps.accounts.sso.saml_metadata import (
    LONGEST_CHARS,
    ProviderFacts,
    is_https,
    provider_facts,
    read_provider_metadata,
)
from apps.kernel.http.problem_details import sentence_of


class ProviderForm(PortalForm):
    """The provider's metadata, or the three values that matter of them."""

    metadata = forms.CharField(
        label=_("Metadata of the provider (XML)"),
        required=False,
        max_length=LONGEST_CHARS,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=_("Paste the whole document. With it you can leave the other fields empty."),
    )
    entity_id = forms.CharField(label=_("Identifier of the provider (entity ID)"), required=False, max_length=1024)
    sso_url = forms.CharField(label=_("Sign-in address of the provider"), required=False, max_length=1024)
    logout_url = forms.CharField(
        label=_("Sign-out address of the provider"),
        required=False,
        max_length=1024,
        help_text=_("Only for sign-out in both places, by redirect."),
    )
    certificates = forms.CharField(
        label=_("Signing certificates (PEM, one below the other)"),
        required=False,
        max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
    )
    accepts_unasked = forms.BooleanField(
        label=_("Sign-in may begin at the provider"),
        required=False,
        help_text=_(
            "Off is safer. People who start from the provider's own start page then confirm once who they are."
        ),
    )

    facts: ProviderFacts

    def clean(self) -> dict[str, Any]:
        """Read what was given, into `facts`."""
        values = super().clean() or {}
        try:
            self.facts = self._read(values)
        except ProviderMetadataError as error:
            raise ValidationError(sentence_of(error)) from error
        return values

    def _read(self, values: dict[str, Any]) -> ProviderFacts:
        if values.get("metadata"):
            return read_provider_metadata(values["metadata"])
        end = "-----END CERTIFICATE-----"
        pasted = [part + end for part in values.get("certificates", "").split(end) if part.strip()]
        facts = provider_facts(
            values.get("entity_id", "").strip(), sso_url=values.get("sso_url", "").strip(), certificates=pasted
        )
        logout_url = values.get("logout_url", "").strip()
        if logout_url and not is_https(logout_url):
            raise ProviderMetadataError(problem="logout_url")
        return replace(facts, logout_url=logout_url)


class MetadataAddressForm(PortalForm):
    """Where the provider keeps its metadata."""

    url = forms.CharField(
        label=_("Address of the metadata"),
        max_length=1024,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
        help_text=_("You see what would change before it is taken. From then on it is looked at once a day."),
    )


class ProtectionForm(PortalForm):
    """What protects the connection beyond https."""

    signs_requests = forms.BooleanField(
        label=_("Sign our requests"),
        required=False,
        help_text=_("The provider can then tell that a sign-in really began here. Give it our certificate first."),
    )
    wants_encryption = forms.BooleanField(
        label=_("Accept only encrypted assertions"),
        required=False,
        help_text=_(
            "What the provider says about people is then unreadable on its way, also in the browser. Switch encryption on there, too."
        ),
    )
    allows_cbc = forms.BooleanField(
        label=_("Allow AES-CBC for encryption"),
        required=False,
        help_text=_("Only for a provider that cannot do AES-GCM, such as AD FS before 2019. GCM is safer."),
    )

    def protection(self) -> Protection:
        """What was asked for."""
        return Protection(**self.cleaned_data)


class CertificateForm(PortalForm):
    """One more certificate of the provider."""

    pem = forms.CharField(
        label=_("New certificate (PEM or base64)"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=_("The certificates that are known stay good until you remove them."),
    )


def protection_form(provider: SAMLProvider | None) -> ProtectionForm:
    """Filled with what holds now."""
    names = ProtectionForm.base_fields
    return ProtectionForm(initial={name: getattr(provider, name) for name in names} if provider else {})
