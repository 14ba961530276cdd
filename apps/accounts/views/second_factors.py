"""One's own second factors: an authenticator app, passkeys, recovery codes."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from apps.accounts.capabilities import Capability, Whose
from apps.accounts.forms import CodeForm
from apps.accounts.policies import must_have_second_factor
from apps.accounts.second_factor.session_notes import (
    ChallengeUse,
    Strength,
    forget_pending_seed,
    keep_challenge,
    note_proof,
)
from apps.accounts.selectors import second_factors_of, sign_in_policy
from apps.accounts.services.authenticator_app import remove_app, set_up_app
from apps.accounts.services.passkeys import ask_for_new_passkey, register_passkey, remove_passkey
from apps.accounts.services.recovery_codes import renew_recovery_codes
from apps.accounts.views.gate import CapabilityView, person_of
from apps.accounts.views.going_in import passkey_answer, relying_party
from apps.accounts.views.refusals import show_refusal
from apps.accounts.views.set_up import set_up_page, taken_seed
from apps.kernel.audit.request_context import request_context
from apps.kernel.errors import DomainError
from apps.kernel.http.problem_details import sentence_of, status_of


class SecondFactors(CapabilityView):
    """What one has."""

    capability = Capability.READ_DOCUMENTS

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list."""
        return _page(request)


class SensitiveView(CapabilityView):
    """A deed on one's own second factors: the person has just proven who they are."""

    capability = Capability.READ_DOCUMENTS
    fresh_for = frozenset({"GET", "POST"})
    return_to = "accounts:second_factors"


@method_decorator(sensitive_post_parameters("code"), name="dispatch")
class App(SensitiveView):
    """Set up an authenticator app."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """What to scan, and the form."""
        if second_factors_of(person_of(request)).has_app:
            return redirect("accounts:second_factors")
        return set_up_page(request, person_of(request), {"form": CodeForm()})

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the app once it has shown a code."""
        user, form, status = person_of(request), CodeForm(request.POST), 400
        if form.is_valid():
            address = request_context().ip or ""
            try:
                codes = set_up_app(user, seed=taken_seed(request), code=form.cleaned_data["code"], address=address)
            except DomainError as error:
                show_refusal(form, error)
                status = status_of(error)
            else:
                forget_pending_seed(request.session)
                note_proof(request.session, Strength.SECOND_FACTOR)
                messages.success(request, _("Your authenticator app is set up."))
                return _codes_or_list(request, codes)
        return set_up_page(request, user, {"form": form}, status=status)


class RemoveApp(SensitiveView):
    """Go on without the authenticator app."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Do it and show the list, with the refusal if there is one."""
        try:
            remove_app(person_of(request))
        except DomainError as error:
            return _page(request, refusal=error)
        messages.success(request, _("Your authenticator app is removed."))
        return redirect("accounts:second_factors")


class PasskeyOptions(SensitiveView):
    """What a browser needs to make a passkey."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Options with a fresh challenge."""
        asked = ask_for_new_passkey(person_of(request), relying_party(request))
        keep_challenge(request.session, asked.challenge, ChallengeUse.REGISTER)
        return JsonResponse(asked.options)


class Passkeys(SensitiveView):
    """Register a passkey."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep what the authenticator made."""
        try:
            made = register_passkey(
                person_of(request),
                passkey_answer(request, ChallengeUse.REGISTER),
                name=request.POST.get("name", ""),
            )
        except DomainError as error:
            return _page(request, refusal=error)
        note_proof(request.session, Strength.PASSKEY)
        messages.success(request, _("The passkey %(name)s is registered.") % {"name": made.passkey.name})
        return _codes_or_list(request, made.recovery_codes)


class RemovePasskey(SensitiveView):
    """Forget a passkey."""

    whose = Whose.OWN

    def post(self, request: HttpRequest, passkey_id: UUID) -> HttpResponse:
        """Do it and show the list, with the refusal if there is one."""
        try:
            passkey = remove_passkey(person_of(request), passkey_id=passkey_id)
        except DomainError as error:
            return _page(request, refusal=error)
        messages.success(request, _("The passkey %(name)s is removed.") % {"name": passkey.name})
        return redirect("accounts:second_factors")


class RecoveryCodes(SensitiveView):
    """Make new recovery codes."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Show them, this once: they are kept nowhere."""
        try:
            codes = renew_recovery_codes(person_of(request))
        except DomainError as error:
            return _page(request, refusal=error)
        return _codes_or_list(request, codes)


def _codes_or_list(request: HttpRequest, codes: list[str]) -> HttpResponse:
    goal = reverse("accounts:second_factors")
    return render(request, "accounts/recovery_codes.html", {"codes": codes, "goal": goal}) if codes else redirect(goal)


def _page(request: HttpRequest, *, refusal: DomainError | None = None) -> HttpResponse:
    user = person_of(request)
    context = {
        "factors": second_factors_of(user),
        "is_needed": must_have_second_factor(user, sign_in_policy()),
        "refusal": sentence_of(refusal) if refusal else "",
    }
    return render(request, "accounts/second_factors.html", context, status=status_of(refusal) if refusal else 200)
