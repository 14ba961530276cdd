"""The shape of what people send to this room."""

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.analysis.choices import ITEM_TYPES, RISKS
from apps.analysis.rules.port import ItemType, Risk
from apps.documents.choices import FILE_KINDS
from apps.feedback.choices import ItemState

STATES = [
    ("", _("Any state")),
    ("running", _("Being read")),
    ("failed", _("Needs attention")),
    ("open", _("To decide")),
    ("closed", _("Finished")),
]


class LibraryFilter(forms.Form):
    """The library's filter, kept in the address so that Back and a bookmark bring it again."""

    q = forms.CharField(required=False, max_length=200, label=_("Search by name"))
    state = forms.ChoiceField(required=False, choices=STATES, label=_("State"))
    kind = forms.ChoiceField(required=False, choices=[("", _("Any kind")), *FILE_KINDS], label=_("Kind"))
    mine = forms.BooleanField(required=False, label=_("Only mine"))
    order = forms.ChoiceField(
        required=False,
        label=_("Order"),
        choices=[
            ("newest", _("Newest first")),
            ("oldest", _("Oldest first")),
            ("name", _("Name")),
            ("author", _("Author")),
            ("most_open", _("Most to decide")),
        ],
    )


class ItemFilter(forms.Form):
    """Which of the desk's items are shown, kept in the address so that a reload and a link show the same."""

    state = forms.ChoiceField(required=False, choices=[("", _("All")), *ItemState.choices], label=_("State"))
    risk = forms.ChoiceField(required=False, choices=[("", _("Any risk")), *RISKS], label=_("Risk"))
    point = forms.IntegerField(required=False, min_value=1, label=_("Point"))
    section = forms.UUIDField(required=False, label=_("Section"))
    q = forms.CharField(required=False, max_length=200, label=_("Search the items"))
    hidden = forms.BooleanField(required=False, label=_("Show hidden items"))


class RewordForm(forms.Form):
    """An item in a person's own words."""

    description = forms.CharField(max_length=4000, label=_("Description"), widget=forms.Textarea(attrs={"rows": 4}))
    suggestion = forms.CharField(
        required=False, max_length=4000, label=_("Suggestion"), widget=forms.Textarea(attrs={"rows": 4})
    )


class RemarkForm(forms.Form):
    """A remark of one's own. start and end are code points of the section's text."""

    section = forms.UUIDField(widget=forms.HiddenInput)
    start = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    end = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    description = forms.CharField(max_length=4000, label=_("Your remark"), widget=forms.Textarea(attrs={"rows": 4}))
    suggestion = forms.CharField(
        required=False, max_length=4000, label=_("Suggestion"), widget=forms.Textarea(attrs={"rows": 3})
    )
    type = forms.ChoiceField(choices=ITEM_TYPES, initial=ItemType.SUGGESTION, label=_("Type"))
    risk = forms.ChoiceField(choices=RISKS, initial=Risk.LOW, label=_("Risk"))
    points = forms.TypedMultipleChoiceField(
        required=False,
        coerce=lambda number: int(number or 0),
        choices=[("", "–"), *((number, str(number)) for number in range(1, 101))],
        label=_("Points"),
    )
