"""One's own profile: preferences, password, API keys."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from apps.accounts.capabilities import Capability
from apps.accounts.forms import ApiKeyForm, ChangePasswordForm, ProfileForm
from apps.accounts.models import User
from apps.accounts.selectors import api_keys_of, sessions_of, token_families_of
from apps.accounts.services.change_password import change_password
from apps.accounts.services.issue_api_key import issue_api_key
from apps.accounts.services.set_theme import set_theme
from apps.accounts.services.update_profile import ProfileChange, update_profile
from apps.accounts.sign_ins import own_sign_ins
from apps.accounts.team_selectors import own_teams
from apps.accounts.views.gate import CapabilityView, person_of
from apps.accounts.views.keys import shown_keys
from apps.accounts.views.refusals import show_refusal
from apps.accounts.views.sessions import this_session
from apps.kernel.audit.request_context import request_context
from apps.kernel.clock import now
from apps.kernel.errors import DomainError
from apps.kernel.http.problem_details import status_of

_SIGN_INS_SHOWN = 10
_PREFERENCES = ("name", "language", "theme", "time_zone", "keys_enabled")


class Profile(CapabilityView):
    """Name and preferences."""

    capability = Capability.READ_DOCUMENTS

    def get(self, request: HttpRequest) -> HttpResponse:
        """The whole page."""
        return _page(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the preferences."""
        form, status = ProfileForm(request.POST), 400
        if form.is_valid():
            try:
                person = update_profile(person_of(request), change=ProfileChange(**form.cleaned_data))
            except DomainError as error:
                show_refusal(form, error)
                status = status_of(error)
            else:
                with translation.override(person.language):
                    messages.success(request, _("Your profile is saved."))
                return redirect("accounts:profile")
        return _page(request, profile_form=form, status=status)


@method_decorator(sensitive_post_parameters("current", "password", "again"), name="dispatch")
class Password(CapabilityView):
    """One's own password."""

    capability = Capability.READ_DOCUMENTS

    def post(self, request: HttpRequest) -> HttpResponse:
        """Change it; this session goes on, all others end."""
        form, status = ChangePasswordForm(request.POST), 400
        if form.is_valid():
            current, new = form.cleaned_data["current"], form.cleaned_data["password"]
            try:
                person = change_password(
                    person_of(request), current=current, new=new, address=request_context().ip or ""
                )
            except DomainError as error:
                show_refusal(form, error)
                status = status_of(error)
            else:
                update_session_auth_hash(request, person)
                messages.success(request, _("Your password is changed. You are signed out everywhere else."))
                return redirect("accounts:profile")
        return _page(request, password_form=form, status=status)


class Keys(CapabilityView):
    """One's own API keys."""

    capability = Capability.READ_DOCUMENTS
    fresh_for = frozenset({"POST"})

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make one and show it, this once: it is kept nowhere."""
        user = person_of(request)
        form, status = ApiKeyForm(request.POST, owner=user), 400
        if form.is_valid():
            values = form.cleaned_data
            scopes = [Capability(scope) for scope in values["scopes"]]
            try:
                issued = issue_api_key(user, name=values["key_name"], scopes=scopes, life_days=values["life_days"])
            except DomainError as error:
                show_refusal(form, error)
                status = status_of(error)
            else:
                return _page(request, new_token=issued.token, status=201)
        return _page(request, key_form=form, status=status)


class ThemeChoice(CapabilityView):
    """How pages look: the switch in the page's frame."""

    capability = Capability.READ_DOCUMENTS

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep it. A script gets an empty answer, a form goes to the profile."""
        set_theme(person_of(request), theme=request.POST.get("theme", ""))
        if request.headers.get("Sec-Fetch-Mode") == "navigate":
            return redirect("accounts:profile")
        return HttpResponse(status=204)


def _page(request: HttpRequest, *, status: int = 200, new_token: str = "", **forms: Any) -> HttpResponse:
    user = person_of(request)
    context = {
        "profile_form": ProfileForm(initial=_preferences(user)),
        "password_form": ChangePasswordForm(),
        "key_form": ApiKeyForm(owner=user),
        "new_token": new_token,
        "teams": own_teams(user),
        "keys": shown_keys(api_keys_of(user)),
        "programs": token_families_of(user),
        "sessions": sessions_of(user),
        "sign_ins": own_sign_ins(user)[:_SIGN_INS_SHOWN],
        "this_session": this_session(request),
        "now": now(),
        **forms,
    }
    return render(request, "accounts/profile.html", context, status=status)


def _preferences(user: User) -> dict[str, Any]:
    return {field: getattr(user, field) for field in _PREFERENCES}
