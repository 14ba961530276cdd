"""The second step of signing in: a code or a passkey after the password, or a passkey alone; and setting up what the policy asks for."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from apps.accounts.capabilities import OpenedBy
from apps.accounts.forms import CodeForm, SignInForm
from apps.accounts.models import User
from apps.accounts.second_factor.session_notes import (
    ChallengeUse,
    Strength,
    half_sign_in,
    half_signed_in,
    keep_challenge,
    note_stepped_up,
)
from apps.accounts.selectors import second_factors_of
from apps.accounts.services.authenticator_app import set_up_app
from apps.accounts.services.check_code import BY_APP, BY_PASSKEY
from apps.accounts.services.finish_sign_in import finish_with_code, finish_with_passkey, record_signed_in
from apps.accounts.services.mailed_code import BY_MAILED_CODE, CODE_LIFE, check_mailed_code
from apps.accounts.services.passkeys import ask_for_new_passkey, register_passkey
from apps.accounts.services.sign_in import NextStep, next_step_of
from apps.accounts.services.use_passkey import ask_for_passkey
from apps.accounts.views.gate import PublicView
from apps.accounts.views.going_in import (
    lead_on,
    own_address,
    passkey_answer,
    relying_party,
    remember_words,
    start_session,
)
from apps.accounts.views.refusals import show_refusal
from apps.accounts.views.set_up import set_up_page, taken_seed
from apps.accounts.views.sign_in import sign_in_page
from apps.kernel.audit.request_context import request_context
from apps.kernel.errors import DomainError
from apps.kernel.http.problem_details import sentence_of, status_of


@method_decorator([never_cache, sensitive_post_parameters("code", "credential")], name="dispatch")
class HalfSignedInView(PublicView):
    """A page for somebody whose password was right in this browser a moment ago, and who has this step to take; others begin anew."""

    opened_by = OpenedBy.HALF_SIGN_IN

    step: NextStep = NextStep.SHOW_SECOND_FACTOR

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer, once it is clear who half signed in."""
        person, half = half_signed_in(request.session), half_sign_in(request.session)
        if person is None or next_step_of(person, steps_up=half.steps_up) != self.step:
            return redirect("accounts:sign_in")
        request.half_signed_in = person  # type: ignore[attr-defined]
        return super().dispatch(request, *args, **kwargs)


class SecondFactor(HalfSignedInView):
    """Ask for the second factor."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form."""
        return _second_factor_page(request, CodeForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Start the session, or say that the code is not good."""
        form, status = CodeForm(request.POST), 400
        if form.is_valid():
            try:
                person = finish_with_code(
                    _person(request),
                    code=form.cleaned_data["code"],
                    address=request_context().ip or "",
                    sign_in_id=half_sign_in(request.session).sign_in_id,
                )
            except DomainError as error:
                show_refusal(form, error)
                status = status_of(error)
            else:
                return _come_in(request, person, Strength.SECOND_FACTOR)
        return _second_factor_page(request, form, status=status)


class MailedCode(HalfSignedInView):
    """Ask for the code that was mailed, because the sign-in is risky and its person has no second factor."""

    step = NextStep.SHOW_MAILED_CODE

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form."""
        return _mailed_code_page(request, CodeForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Start the session, or go on to setting up what the organization asks for; or say that the code is not good."""
        person, half = _person(request), half_sign_in(request.session)
        form, status = CodeForm(request.POST), 400
        if form.is_valid() and half.sign_in_id is not None:
            try:
                check_mailed_code(
                    person,
                    sign_in_id=half.sign_in_id,
                    code=form.cleaned_data["code"],
                    address=request_context().ip or "",
                )
            except DomainError as error:
                show_refusal(form, error)
                status = status_of(error)
            else:
                return self._go_on(request, person)
        return _mailed_code_page(request, form, status=status)

    def _go_on(self, request: HttpRequest, person: User) -> HttpResponse:
        half = half_sign_in(request.session)
        note_stepped_up(request.session)
        next_step = next_step_of(person)
        if next_step != NextStep.COME_IN and half.strength != Strength.SSO:
            return lead_on(request, person, next_step)
        record_signed_in(person, by=BY_MAILED_CODE, sign_in_id=half.sign_in_id)
        return _come_in(request, person, Strength.PASSWORD)


class MailedCodeAgain(HalfSignedInView):
    """Send another code; the one before does not work any more."""

    step = NextStep.SHOW_MAILED_CODE

    def post(self, request: HttpRequest) -> HttpResponse:
        """Do it and show the form again, with the refusal if there is one."""
        try:
            return lead_on(request, _person(request), self.step)
        except DomainError as error:
            return _mailed_code_page(request, CodeForm(), status=status_of(error), refusal=sentence_of(error))


class SetUpAtSignIn(HalfSignedInView):
    """Set up the second factor that the organization asks for, before anything else."""

    step = NextStep.SET_UP_SECOND_FACTOR

    def get(self, request: HttpRequest) -> HttpResponse:
        """What to scan, and the form."""
        return _set_up_page(request, CodeForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the app and start the session; the recovery codes are shown this once."""
        form, status = CodeForm(request.POST), 400
        if form.is_valid():
            person = _person(request)
            try:
                codes = set_up_app(
                    person,
                    seed=taken_seed(request),
                    code=form.cleaned_data["code"],
                    address=request_context().ip or "",
                )
            except DomainError as error:
                show_refusal(form, error)
                status = status_of(error)
            else:
                record_signed_in(person, by=BY_APP, sign_in_id=half_sign_in(request.session).sign_in_id)
                return _come_in(request, person, Strength.SECOND_FACTOR, codes=codes)
        return _set_up_page(request, form, status=status)


class NewPasskeyAtSignInOptions(HalfSignedInView):
    """What a browser needs to make the passkey that the organization asks for."""

    step = NextStep.SET_UP_SECOND_FACTOR

    def post(self, request: HttpRequest) -> HttpResponse:
        """Options with a fresh challenge."""
        asked = ask_for_new_passkey(_person(request), relying_party(request))
        keep_challenge(request.session, asked.challenge, ChallengeUse.REGISTER)
        return JsonResponse(asked.options)


class NewPasskeyAtSignIn(HalfSignedInView):
    """Register the passkey that the organization asks for."""

    step = NextStep.SET_UP_SECOND_FACTOR

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep it and start the session; the recovery codes are shown this once."""
        person = _person(request)
        try:
            made = register_passkey(
                person, passkey_answer(request, ChallengeUse.REGISTER), name=request.POST.get("name", "")
            )
        except DomainError as error:
            return _set_up_page(request, CodeForm(), status=status_of(error), refusal=sentence_of(error))
        record_signed_in(person, by=BY_PASSKEY, sign_in_id=half_sign_in(request.session).sign_in_id)
        return _come_in(request, person, Strength.PASSKEY, codes=made.recovery_codes)


@method_decorator(never_cache, name="dispatch")
class PasskeyOptions(PublicView):
    """What a browser needs to show a passkey. It names nobody, so it is the same for everybody."""

    opened_by = OpenedBy.NOTHING

    def post(self, request: HttpRequest) -> HttpResponse:
        """Options with a fresh challenge."""
        asked = ask_for_passkey(relying_party(request), address=request_context().ip or "")
        keep_challenge(request.session, asked.challenge, ChallengeUse.SIGN_IN)
        return JsonResponse(asked.options)


@method_decorator([never_cache, sensitive_post_parameters("credential")], name="dispatch")
class PasskeySignIn(PublicView):
    """Sign in with a passkey: alone, or after the password."""

    opened_by = OpenedBy.NOTHING

    def post(self, request: HttpRequest) -> HttpResponse:
        """Start the session, or say that the passkey is not good."""
        expected, half = half_signed_in(request.session), half_sign_in(request.session)
        try:
            person = finish_with_passkey(
                passkey_answer(request, ChallengeUse.SIGN_IN),
                expected=expected,
                sign_in_id=half.sign_in_id if expected else None,
                is_by_provider=expected is not None and bool(half.connection_name),
            )
        except DomainError as error:
            if expected is not None:
                return _second_factor_page(request, CodeForm(), status=status_of(error), refusal=sentence_of(error))
            goal, form = own_address(request, request.POST.get("next", "")), SignInForm()
            return sign_in_page(request, form, goal=goal, status=status_of(error), refusal=sentence_of(error))
        if expected is None:
            start_session(request, person, strength=Strength.PASSKEY)
            return redirect(own_address(request, request.POST.get("next", "")))
        return _come_in(request, person, Strength.PASSKEY)


def _come_in(
    request: HttpRequest, person: User, strength: Strength, *, codes: Sequence[str] | None = None
) -> HttpResponse:
    """Start the session of somebody whose half sign-in lacks nothing any more; with `codes`, show them first.

    It remembers the directory or provider that they came by.
    """
    half = half_sign_in(request.session)
    if half.strength == Strength.SSO or strength == Strength.PASSWORD:
        strength = half.strength
    start_session(request, person, strength=strength, connection_name=half.connection_name)
    remember_words(request, half.provider_words)
    if codes is None:
        return redirect(half.goal)
    return render(request, "accounts/recovery_codes.html", {"codes": codes, "goal": half.goal})


def _second_factor_page(request: HttpRequest, form: CodeForm, *, status: int = 200, refusal: str = "") -> HttpResponse:
    person = half_signed_in(request.session)
    factors = second_factors_of(person) if person else None
    context = {"form": form, "factors": factors, "refusal": refusal}
    return render(request, "accounts/second_factor.html", context, status=status)


def _mailed_code_page(request: HttpRequest, form: CodeForm, *, status: int = 200, refusal: str = "") -> HttpResponse:
    context = {"form": form, "minutes": CODE_LIFE // timedelta(minutes=1), "refusal": refusal}
    return render(request, "accounts/mailed_code.html", context, status=status)


def _set_up_page(request: HttpRequest, form: CodeForm, *, status: int = 200, refusal: str = "") -> HttpResponse:
    context = {"form": form, "is_signing_in": True, "refusal": refusal}
    return set_up_page(request, _person(request), context, status=status)


def _person(request: HttpRequest) -> User:
    return cast("User", request.half_signed_in)  # type: ignore[attr-defined]
