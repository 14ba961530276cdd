"""An OpenID Connect connection as an administrator sets it up: the provider, and our registration there."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from apps.accounts.oidc_forms import OpenIDProviderForm
from apps.accounts.selectors import connection_for
from apps.accounts.services.connect_oidc import describe_open_id_provider
from apps.accounts.views.connections import ConnectionView, connection_page
from apps.accounts.views.gate import person_of
from apps.accounts.views.refusals import show_refusal
from apps.kernel.errors import InvalidInputError
from apps.kernel.outbound.errors import OutboundError


@method_decorator(sensitive_post_parameters("client_secret"), name="dispatch")
class OpenIDProvider(ConnectionView):
    """Who the provider is, and what it knows us as."""

    def post(self, request: HttpRequest, connection_id: UUID) -> HttpResponse:
        """Ask the provider and keep it, or say what is wrong."""
        connection = connection_for(person_of(request), connection_id)
        form = OpenIDProviderForm(request.POST)
        if form.is_valid():
            try:
                describe_open_id_provider(person_of(request), connection_id=connection_id, given=form.registration())
            except (InvalidInputError, OutboundError) as error:
                show_refusal(form, error)
            else:
                messages.success(request, _("The provider is known. Try the connection next."))
                return redirect("accounts:connection", connection_id=connection_id)
        return connection_page(request, connection, provider_form=form, status=400)
