"""How people sign in to this organization, for its administrators."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from apps.accounts.capabilities import Capability
from apps.accounts.choices import RiskMode, SecondFactorRule
from apps.accounts.forms import SignInPolicyForm
from apps.accounts.models import SignInPolicy
from apps.accounts.risk.errors import InvalidThresholdsError
from apps.accounts.risk_forms import RiskForm
from apps.accounts.selectors import sign_in_policy
from apps.accounts.services.set_sign_in_policy import PolicyChange, set_sign_in_policy
from apps.accounts.sign_ins import risk_so_far
from apps.accounts.views.gate import CapabilityView, person_of
from apps.accounts.views.refusals import show_refusal
from apps.kernel.errors import DomainError
from apps.kernel.http.problem_details import status_of

_MINUTE_S = 60
_HOUR_S = 3600


class SignInRules(CapabilityView):
    """The second-factor rule, the limits of sessions, what is done about risk; it shows whether single sign-on is the only way."""

    capability = Capability.MANAGE_ORGANIZATION
    fresh_for = frozenset({"POST"})
    return_to = "accounts:sign_in_policy"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        return _page(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep what was said."""
        form, risk_form, status = SignInPolicyForm(request.POST), RiskForm(request.POST), 400
        if form.is_valid() and risk_form.is_valid():
            try:
                set_sign_in_policy(person_of(request), change=_said(form, risk_form, sign_in_policy()))
            except DomainError as error:
                show_refusal(risk_form if isinstance(error, InvalidThresholdsError) else form, error)
                status = status_of(error)
            else:
                messages.success(request, _("The rules for signing in are saved."))
                return redirect("accounts:sign_in_policy")
        return _page(request, form=form, risk_form=risk_form, status=status)


def _page(request: HttpRequest, *, status: int = 200, **forms: Any) -> HttpResponse:
    policy = sign_in_policy()
    context = {
        "form": SignInPolicyForm(initial=_shown(policy)),
        "risk_form": RiskForm(initial={name: getattr(policy, name) for name in RiskForm.base_fields}),
        "so_far": risk_so_far(person_of(request), policy),
        "knows_places": bool(settings.COUNTRY_DATABASE),
        "requires_sso": policy.requires_sso,
        **forms,
    }
    return render(request, "accounts/sign_in_policy.html", context, status=status)


def _shown(policy: SignInPolicy) -> dict[str, object]:
    return {
        "second_factor": policy.second_factor,
        "idle_minutes": policy.idle_limit_s // _MINUTE_S,
        "longest_hours": policy.absolute_limit_s // _HOUR_S,
    }


def _said(form: SignInPolicyForm, risk_form: RiskForm, before: SignInPolicy) -> PolicyChange:
    said, risk = form.cleaned_data, risk_form.cleaned_data
    return PolicyChange(
        second_factor=SecondFactorRule(said["second_factor"]),
        idle_limit_s=said["idle_minutes"] * _MINUTE_S,
        absolute_limit_s=said["longest_hours"] * _HOUR_S,
        risk_mode=RiskMode(risk["risk_mode"] or before.risk_mode),
        step_up_risk=risk["step_up_risk"] or before.step_up_risk,
        deny_risk=risk["deny_risk"] or before.deny_risk,
    )
