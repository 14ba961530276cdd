"""The shape of what people send to this room."""

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.documents.choices import Classification


class UploadForm(forms.Form):
    """One file and whom it is meant for."""

    file = forms.FileField(label=_("File"))
    classification = forms.ChoiceField(required=False, choices=Classification.choices, label=_("Classification"))


class RenameForm(forms.Form):
    """A document's name and classification."""

    name = forms.CharField(max_length=255, label=_("Name"))
    classification = forms.ChoiceField(choices=Classification.choices, label=_("Classification"))
