"""Sign in with the password of the organization's directory, on a page of ours."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from apps.accounts.capabilities import OpenedBy
from apps.accounts.forms import DirectorySignInForm
from apps.accounts.models import SSOConnection
from apps.accounts.services.ldap_sign_in import ldap_sign_in
from apps.accounts.sso.ldap_connections import directory_connection
from apps.accounts.views.gate import PublicView
from apps.accounts.views.going_in import go_on, own_address
from apps.accounts.views.refusals import show_refusal
from apps.kernel.audit.request_context import request_context
from apps.kernel.errors import DomainError
from apps.kernel.http.problem_details import status_of


@method_decorator([never_cache, sensitive_post_parameters("password")], name="dispatch")
class DirectorySignIn(PublicView):
    """The sign-in page of one directory."""

    opened_by = OpenedBy.PROVIDER

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The form; whoever is signed in goes on."""
        connection = directory_connection(slug)
        goal = own_address(request, request.GET.get("next", ""))
        if request.user.is_authenticated:
            return redirect(goal)
        return _page(request, connection, DirectorySignInForm(), goal)

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Start the session or lead on to what else has to be shown; or say why not."""
        connection = directory_connection(slug)
        goal = own_address(request, request.POST.get("next", ""))
        form, status = DirectorySignInForm(request.POST), 400
        if form.is_valid():
            said = form.cleaned_data
            try:
                accepted = ldap_sign_in(
                    connection,
                    name=said["user_name"],
                    password=said["password"],
                    address=request_context().ip or "",
                )
            except DomainError as error:
                show_refusal(form, error)
                status = status_of(error)
            else:
                return go_on(request, accepted, goal, connection_name=connection.name)
        return _page(request, connection, form, goal, status=status)


def _page(
    request: HttpRequest, connection: SSOConnection, form: DirectorySignInForm, goal: str, *, status: int = 200
) -> HttpResponse:
    context = {"connection": connection, "form": form, "next": goal}
    return render(request, "accounts/directory_sign_in.html", context, status=status)
