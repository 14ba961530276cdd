"""A SAML connection as an administrator sets it up: the provider, its certificates, our own key."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from apps.accounts.saml_forms import ProviderForm
from apps.accounts.selectors import connection_for
from apps.accounts.services.connect_sso import describe_provider
from apps.accounts.views.connections import ConnectionView, connection_page
from apps.accounts.views.gate import person_of


class Provider(ConnectionView):
    """What the provider's metadata say."""

    def post(self, request: HttpRequest, connection_id: UUID) -> HttpResponse:
        """Keep it, or say what is wrong with it."""
        connection = connection_for(person_of(request), connection_id)
        form = ProviderForm(request.POST)
        if not form.is_valid():
            return connection_page(request, connection, provider_form=form, status=400)
        accepts = form.cleaned_data["accepts_unasked"]
        describe_provider(person_of(request), connection_id=connection_id, facts=form.facts, accepts_unasked=accepts)
        messages.success(request, _("The provider is known. Try the connection next."))
        return redirect("accounts:connection", connection_id=connection_id)
