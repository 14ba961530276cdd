"""Confirm that it is still oneself who sits there, and go back to what one was about to do."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from apps.accounts.capabilities import Capability
from apps.accounts.forms import ConfirmForm
from apps.accounts.second_factor.session_notes import ChallengeUse, Strength, note_proof
from apps.accounts.selectors import second_factors_of
from apps.accounts.services.reauthenticate import reauthenticate, reauthenticate_with_passkey
from apps.accounts.views.gate import CapabilityView, person_of
from apps.accounts.views.going_in import own_address, passkey_answer
from apps.accounts.views.refusals import show_refusal
from apps.kernel.audit.request_context import request_context
from apps.kernel.errors import DomainError
from apps.kernel.http.problem_details import sentence_of, status_of


@method_decorator([never_cache, sensitive_post_parameters("current", "code")], name="dispatch")
class Confirm(CapabilityView):
    """By code, or by password for those who have no second factor."""

    capability = Capability.READ_DOCUMENTS

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form."""
        return _page(request, ConfirmForm(factors=second_factors_of(person_of(request))), request.GET.get("next", ""))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Note it in the session and go back."""
        person, goal = person_of(request), request.POST.get("next", "")
        form, status = ConfirmForm(request.POST, factors=second_factors_of(person)), 400
        if form.is_valid():
            said = form.cleaned_data
            try:
                reauthenticate(
                    person,
                    password=said.get("current", ""),
                    code=said.get("code", ""),
                    address=request_context().ip or "",
                )
            except DomainError as error:
                show_refusal(form, error)
                status = status_of(error)
            else:
                note_proof(request.session, Strength.SECOND_FACTOR if "code" in said else None)
                return redirect(own_address(request, goal))
        return _page(request, form, goal, status=status)


@method_decorator([never_cache, sensitive_post_parameters("credential")], name="dispatch")
class ConfirmByPasskey(CapabilityView):
    """By passkey."""

    capability = Capability.READ_DOCUMENTS

    def post(self, request: HttpRequest) -> HttpResponse:
        """Note it in the session and go back."""
        person, goal = person_of(request), request.POST.get("next", "")
        try:
            reauthenticate_with_passkey(person, passkey_answer(request, ChallengeUse.SIGN_IN))
        except DomainError as error:
            form = ConfirmForm(factors=second_factors_of(person))
            return _page(request, form, goal, status=status_of(error), refusal=sentence_of(error))
        note_proof(request.session, Strength.PASSKEY)
        return redirect(own_address(request, goal))


def _page(request: HttpRequest, form: ConfirmForm, goal: str, *, status: int = 200, refusal: str = "") -> HttpResponse:
    context = {
        "form": form,
        "next": own_address(request, goal),
        "has_passkey": bool(second_factors_of(person_of(request)).passkeys),
        "refusal": refusal,
    }
    return render(request, "accounts/confirm.html", context, status=status)
