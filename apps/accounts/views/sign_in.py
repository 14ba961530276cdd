"""Sign in and out."""

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from apps.accounts.capabilities import OpenedBy
from apps.accounts.forms import SignInForm
from apps.accounts.models import User
from apps.accounts.selectors import sign_in_connections, sign_in_policy
from apps.accounts.services.oidc_logout import offer_open_id_logout
from apps.accounts.services.saml_logout import offer_provider_logout
from apps.accounts.services.sign_in import sign_in, sign_out
from apps.accounts.views.gate import PublicView
from apps.accounts.views.going_in import go_on, own_address, start_session
from apps.accounts.views.refusals import show_refusal
from apps.accounts.views.sessions import this_session
from apps.kernel.audit.request_context import request_context
from apps.kernel.errors import DomainError
from apps.kernel.http.problem_details import status_of

__all__ = ["SignIn", "SignOut", "own_address", "sign_in_page", "start_session"]


@method_decorator([never_cache, sensitive_post_parameters("password")], name="dispatch")
class SignIn(PublicView):
    """The sign-in page of this organization."""

    opened_by = OpenedBy.NOTHING

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form; whoever is signed in goes on."""
        goal = own_address(request, request.GET.get("next", ""))
        if request.user.is_authenticated:
            return redirect(goal)
        return sign_in_page(request, SignInForm(), goal=goal)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Start the session or lead on to what else has to be shown; or say why not."""
        goal = own_address(request, request.POST.get("next", ""))
        form, status = SignInForm(request.POST), 400
        if form.is_valid():
            try:
                accepted = sign_in(
                    form.cleaned_data["email"],
                    password=form.cleaned_data["password"],
                    address=request_context().ip or "",
                )
            except DomainError as error:
                show_refusal(form, error)
                status = status_of(error)
            else:
                return go_on(request, accepted, goal)
        return sign_in_page(request, form, goal=goal, status=status)


class SignOut(PublicView):
    """End the session."""

    opened_by = OpenedBy.NOTHING

    def post(self, request: HttpRequest) -> HttpResponse:
        """Also right for somebody whose session is over already. Who came by a provider that can be signed out of is told so."""
        offer = None
        if isinstance(request.user, User):
            own = this_session(request)
            offer = offer_provider_logout(own) or offer_open_id_logout(own)
            sign_out(request.user, session_id=this_session(request))
        logout(request)
        if offer is not None:
            return render(request, "accounts/signed_out.html", {"state": "offer", "offer": offer})
        return redirect("accounts:sign_in")


def sign_in_page(
    request: HttpRequest, form: SignInForm, *, goal: str, status: int = 200, refusal: str = ""
) -> HttpResponse:
    """The page with every way in that this organization offers; `refusal` stands above them all."""
    context = {
        "form": form,
        "next": goal,
        "refusal": refusal,
        "connections": sign_in_connections(),
        "requires_sso": sign_in_policy().requires_sso,
    }
    return render(request, "accounts/sign_in.html", context, status=status)
