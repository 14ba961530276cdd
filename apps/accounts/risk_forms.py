"""What an administrator says about risky sign-ins."""

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.accounts.choices import RiskMode
from apps.accounts.forms import PortalForm
from apps.accounts.models.sign_in_policy import LEAST_RISK


class RiskForm(PortalForm):
    """What is done about sign-ins that look like somebody else's. What is left out stays."""

    risk_mode = forms.ChoiceField(label=_("Risky sign-ins"), choices=RiskMode.choices, required=False)
    step_up_risk = forms.FloatField(
        label=_("Ask for a second factor from a risk of"),
        min_value=LEAST_RISK,
        max_value=1,
        step_size=0.05,
        required=False,
        help_text=_("Who has none gets a code by mail. 0.30 is usual."),
    )
    deny_risk = forms.FloatField(
        label=_("Stop the sign-in from a risk of"),
        min_value=LEAST_RISK,
        max_value=1,
        step_size=0.05,
        required=False,
        help_text=_(
            "The person and the administrators get mail, and an administrator can let the person in once. 0.70 is usual."
        ),
    )
