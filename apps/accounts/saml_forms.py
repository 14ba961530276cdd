"""The shape of what an administrator sends about a SAML provider."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.accounts.errors import ProviderMetadataError
from apps.accounts.forms import PortalForm
from apps.accounts.sso.saml_metadata import LONGEST_CHARS, ProviderFacts, provider_facts, read_provider_metadata
from apps.kernel.http.problem_details import sentence_of


class ProviderForm(PortalForm):
    """The provider's metadata, or the three values that matter of them."""

    metadata = forms.CharField(
        label=_("Metadata of the provider (XML)"),
        required=False,
        max_length=LONGEST_CHARS,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=_("Paste the whole document. With it you can leave the other three fields empty."),
    )
    entity_id = forms.CharField(label=_("Identifier of the provider (entity ID)"), required=False, max_length=1024)
    sso_url = forms.CharField(label=_("Sign-in address of the provider"), required=False, max_length=1024)
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
        return provider_facts(
            values.get("entity_id", "").strip(), sso_url=values.get("sso_url", "").strip(), certificates=pasted
        )
