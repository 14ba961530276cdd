"""Our sign-out address of a SAML connection (SLS), and the page that says where one is signed out."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters

from apps.accounts.capabilities import OpenedBy
from apps.accounts.selectors import saml_connection
from apps.accounts.services.saml_logout import receive_logout
from apps.accounts.sso.saml_errors import SAMLInvalidError
from apps.accounts.sso.saml_logout import Received
from apps.accounts.views.gate import PublicView
from apps.kernel.audit.request_context import request_context


@method_decorator([csrf_exempt, never_cache, sensitive_post_parameters("SAMLRequest", "SAMLResponse")], name="dispatch")
class SAMLLogout(PublicView):
    """The provider asks for sessions to end, or answers that it has ended its own. Its signature is all that counts, no cookie is."""

    opened_by = OpenedBy.PROVIDER

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """A message in the address; the signature is over the query as it came."""
        return _received(request, slug, Received(request.META.get("QUERY_STRING", "")))

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        """A message in a form of the provider's page."""
        fields = dict(request.POST.lists())
        return _received(request, slug, Received(request.META.get("QUERY_STRING", ""), fields))


def _received(request: HttpRequest, slug: str, received: Received) -> HttpResponse:
    connection = saml_connection(slug, is_described=True)
    context = {"connection": connection}
    try:
        outcome = receive_logout(connection, received, address=request_context().ip or "")
    except SAMLInvalidError:
        # Whoever comes back from the provider after signing out here is signed out here, whatever it says.
        return render(request, "accounts/signed_out.html", {**context, "state": "refused"}, status=403)
    if outcome.answer_url:
        return HttpResponseRedirect(outcome.answer_url)
    state = "by_provider" if outcome.is_request else "both" if outcome.is_done else "not_there"
    return render(request, "accounts/signed_out.html", {**context, "state": state})
