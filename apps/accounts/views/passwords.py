"""A forgotten password: ask for a link, and follow it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from apps.accounts.capabilities import OpenedBy
from apps.accounts.errors import LinkNotValidError
from apps.accounts.forms import ForgottenForm, NewPasswordForm
from apps.accounts.services.reset_password import ask_for_reset, person_behind, reset_password
from apps.accounts.views.gate import PublicView
from apps.accounts.views.refusals import show_refusal
from apps.kernel.audit.request_context import request_context
from apps.kernel.errors import DomainError
from apps.kernel.http.problem_details import status_of


@method_decorator(never_cache, name="dispatch")
class Forgotten(PublicView):
    """Ask for a link. The answer is the same whoever asks for whom."""

    opened_by = OpenedBy.NOTHING

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form."""
        return render(request, "accounts/password_forgotten.html", {"form": ForgottenForm()})

    def post(self, request: HttpRequest) -> HttpResponse:
        """Send the link, if there is somebody to send it to."""
        form = ForgottenForm(request.POST)
        if not form.is_valid():
            return render(request, "accounts/password_forgotten.html", {"form": form}, status=400)
        ask_for_reset(form.cleaned_data["email"], address=request_context().ip or "")
        return render(request, "accounts/password_forgotten.html", {"is_sent": True})


@method_decorator([never_cache, sensitive_post_parameters("password", "again")], name="dispatch")
class Reset(PublicView):
    """Set a new password by a mailed link."""

    opened_by = OpenedBy.MAILED_LINK

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """The form, or that the link is not good any more."""
        try:
            person_behind(token)
        except LinkNotValidError as error:
            return link_not_valid(request, error)
        return render(request, "accounts/password_reset.html", {"form": NewPasswordForm()})

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Set it; then sign in with it, as with any password."""
        form, status = NewPasswordForm(request.POST), 400
        if form.is_valid():
            try:
                reset_password(token, password=form.cleaned_data["password"])
            except LinkNotValidError as error:
                return link_not_valid(request, error)
            except DomainError as error:
                show_refusal(form, error)
                status = status_of(error)
            else:
                messages.success(request, _("Your password is changed. Please sign in with it."))
                return redirect("accounts:sign_in")
        return render(request, "accounts/password_reset.html", {"form": form}, status=status)


def link_not_valid(request: HttpRequest, error: DomainError) -> HttpResponse:
    """One page for every link that is not good: too old, used, changed, or of another organization."""
    return render(request, "accounts/link_not_valid.html", status=status_of(error))
