"""How people sign in to this organization, for its administrators."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from apps.accounts.capabilities import Capability
from apps.accounts.choices import SecondFactorRule
from apps.accounts.forms import SignInPolicyForm
from apps.accounts.models import SignInPolicy
from apps.accounts.selectors import sign_in_policy
from apps.accounts.services.set_sign_in_policy import PolicyChange, set_sign_in_policy
from apps.accounts.views.gate import CapabilityView, person_of
from apps.accounts.views.refusals import show_refusal
from apps.kernel.errors import DomainError
from apps.kernel.http.problem_details import status_of

_MINUTE_S = 60
_HOUR_S = 3600


class SignInRules(CapabilityView):
    """The second-factor rule and the limits of sessions; it shows whether single sign-on is the only way."""

    capability = Capability.MANAGE_ORGANIZATION
    fresh_for = frozenset({"POST"})
    return_to = "accounts:sign_in_policy"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        return _page(request, SignInPolicyForm(initial=_shown(sign_in_policy())))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep what was said."""
        form, status = SignInPolicyForm(request.POST), 400
        if form.is_valid():
            try:
                set_sign_in_policy(person_of(request), change=_said(form))
            except DomainError as error:
                show_refusal(form, error)
                status = status_of(error)
            else:
                messages.success(request, _("The rules for signing in are saved."))
                return redirect("accounts:sign_in_policy")
        return _page(request, form, status=status)


def _page(request: HttpRequest, form: SignInPolicyForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "requires_sso": sign_in_policy().requires_sso}
    return render(request, "accounts/sign_in_policy.html", context, status=status)


def _shown(policy: SignInPolicy) -> dict[str, object]:
    return {
        "second_factor": policy.second_factor,
        "idle_minutes": policy.idle_limit_s // _MINUTE_S,
        "longest_hours": policy.absolute_limit_s // _HOUR_S,
    }


def _said(form: SignInPolicyForm) -> PolicyChange:
    said = form.cleaned_data
    return PolicyChange(
        second_factor=SecondFactorRule(said["second_factor"]),
        idle_limit_s=said["idle_minutes"] * _MINUTE_S,
        absolute_limit_s=said["longest_hours"] * _HOUR_S,
    )
