"""Accept an invitation."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from apps.accounts.capabilities import OpenedBy
from apps.accounts.errors import LinkNotValidError
from apps.accounts.forms import JoinForm
from apps.accounts.services.accept_invitation import accept_invitation, invitation_behind
from apps.accounts.services.sign_in import PasswordAccepted, next_step_of
from apps.accounts.views.gate import PublicView
from apps.accounts.views.going_in import go_on
from apps.accounts.views.passwords import link_not_valid
from apps.accounts.views.refusals import show_refusal
from apps.kernel.errors import DomainError
from apps.kernel.http.problem_details import status_of


@method_decorator([never_cache, sensitive_post_parameters("password", "again")], name="dispatch")
class AcceptInvitation(PublicView):
    """Who was invited gives a name and a password, and is in."""

    opened_by = OpenedBy.MAILED_LINK

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """The form, or that the link is not good any more."""
        try:
            invitation = invitation_behind(token)
        except LinkNotValidError as error:
            return link_not_valid(request, error)
        form = JoinForm(initial={"name": invitation.name})
        return render(request, "accounts/invitation.html", {"form": form, "invitation": invitation})

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Make the account and start its first session."""
        try:
            invitation = invitation_behind(token)
        except LinkNotValidError as error:
            return link_not_valid(request, error)
        form, status = JoinForm(request.POST), 400
        if form.is_valid():
            try:
                person = accept_invitation(
                    token, name=form.cleaned_data["name"], password=form.cleaned_data["password"]
                )
            except DomainError as error:
                show_refusal(form, error)
                status = status_of(error)
            else:
                return go_on(request, PasswordAccepted(person, next_step_of(person)), "/")
        return render(request, "accounts/invitation.html", {"form": form, "invitation": invitation}, status=status)
