"""A SAML connection as an administrator sets it up: the provider, its certificates, our own key."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as _noop

from apps.accounts.models import SAMLProvider
from apps.accounts.saml_forms import CertificateForm, MetadataAddressForm, ProtectionForm, ProviderForm
from apps.accounts.selectors import connection_for
from apps.accounts.services.connect_sso import describe_provider
from apps.accounts.services.provider_certificates import add_provider_certificate, remove_provider_certificate
from apps.accounts.services.provider_metadata import forget_metadata_address, look_at_metadata, take_metadata
from apps.accounts.services.saml_keys import (
    change_own_key_over,
    make_own_key,
    protect_connection,
    remove_second_key,
)
from apps.accounts.views.connections import ConnectionView, connection_page
from apps.accounts.views.gate import person_of
from apps.accounts.views.refusals import show_refusal
from apps.kernel.errors import DomainError, NotFoundError

_KEY_DEEDS = {
    "make": (make_own_key, _noop("The key is made. Give its certificate to your provider.")),
    "change": (change_own_key_over, _noop("We sign with the other key now. Remove the old one in a few days.")),
    "remove": (remove_second_key, _noop("The key is removed.")),
}


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


class MetadataAddress(ConnectionView):
    """Metadata from where the provider keeps them."""

    def post(self, request: HttpRequest, connection_id: UUID) -> HttpResponse:
        """Ask the address and show what that would change; nothing is kept."""
        user, form = person_of(request), MetadataAddressForm(request.POST)
        if form.is_valid():
            try:
                seen = look_at_metadata(user, connection_id=connection_id, url=form.cleaned_data["url"])
            except DomainError as error:
                show_refusal(form, error)
            else:
                context = {"connection": connection_for(user, connection_id), "seen": seen, "changes": seen.changes}
                return render(request, "accounts/saml/metadata_changes.html", {**context, **form.cleaned_data})
        return connection_page(request, connection_for(user, connection_id), address_form=form, status=400)


class TakeMetadata(ConnectionView):
    """What was looked at is taken."""

    def post(self, request: HttpRequest, connection_id: UUID) -> HttpResponse:
        """Keep exactly what the page showed."""
        user = person_of(request)
        try:
            take_metadata(user, connection_id=connection_id, token=request.POST.get("token", ""))
        except DomainError as error:
            return connection_page(request, connection_for(user, connection_id), refusal=error)
        messages.success(request, _("The provider is known. Try the connection next."))
        return redirect("accounts:connection", connection_id=connection_id)


class ForgetMetadata(ConnectionView):
    """The address is asked no more."""

    def post(self, request: HttpRequest, connection_id: UUID) -> HttpResponse:
        """Do it; what it said stays."""
        user = person_of(request)
        try:
            forget_metadata_address(user, connection_id=connection_id)
        except DomainError as error:
            return connection_page(request, connection_for(user, connection_id), refusal=error)
        messages.success(request, _("The address is forgotten. What it said last stays."))
        return redirect("accounts:connection", connection_id=connection_id)


class AddCertificate(ConnectionView):
    """The provider is about to sign with another key."""

    def post(self, request: HttpRequest, connection_id: UUID) -> HttpResponse:
        """Know it beside the old one, or say what is wrong with it."""
        user = person_of(request)
        form = CertificateForm(request.POST)
        if form.is_valid():
            try:
                add_provider_certificate(user, connection_id=connection_id, pem=form.cleaned_data["pem"])
            except DomainError as error:
                show_refusal(form, error)
            else:
                messages.success(
                    request, _("The certificate is known. Remove the old one once the provider uses this one.")
                )
                return redirect("accounts:connection", connection_id=connection_id)
        return connection_page(request, connection_for(user, connection_id), certificate_form=form, status=400)


class RemoveCertificate(ConnectionView):
    """The provider signs with another key now."""

    def post(self, request: HttpRequest, connection_id: UUID) -> HttpResponse:
        """Believe the old one no more, or say why that cannot be."""
        user, fingerprint = person_of(request), request.POST.get("fingerprint", "")
        try:
            remove_provider_certificate(user, connection_id=connection_id, fingerprint=fingerprint)
        except DomainError as error:
            return connection_page(request, connection_for(user, connection_id), refusal=error)
        messages.success(request, _("The certificate is removed: nothing that it signs is believed any more."))
        return redirect("accounts:connection", connection_id=connection_id)


class Protect(ConnectionView):
    """Signed requests and encrypted assertions."""

    def post(self, request: HttpRequest, connection_id: UUID) -> HttpResponse:
        """Keep what is asked for, or say what is missing."""
        user, form = person_of(request), ProtectionForm(request.POST)
        form.full_clean()
        try:
            protect_connection(user, connection_id=connection_id, protection=form.protection())
        except DomainError as error:
            return connection_page(request, connection_for(user, connection_id), refusal=error)
        messages.success(request, _("Saved. Try the connection before people need it."))
        return redirect("accounts:connection", connection_id=connection_id)


class OwnKey(ConnectionView):
    """Our key: its certificate to take along; make one, change over, remove."""

    def get(self, request: HttpRequest, connection_id: UUID) -> HttpResponse:
        """The certificate that we sign with, as a file; with `?which=second` the other one."""
        connection = connection_for(person_of(request), connection_id)
        provider = SAMLProvider.objects.filter(connection=connection).first() or SAMLProvider()
        is_second = request.GET.get("which") == "second"
        pem = provider.second_certificate if is_second else provider.own_certificate
        if not pem:
            raise NotFoundError
        response = HttpResponse(pem, content_type="application/x-pem-file")
        name = f"ai-prism-{connection.slug}{'-second' if is_second else ''}.crt"
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def post(self, request: HttpRequest, connection_id: UUID) -> HttpResponse:
        """Do what was pressed, or say why that cannot be."""
        user, (deed, done) = person_of(request), _KEY_DEEDS.get(request.POST.get("deed", ""), (None, ""))
        if deed is None:
            raise NotFoundError
        try:
            deed(user, connection_id=connection_id)
        except DomainError as error:
            return connection_page(request, connection_for(user, connection_id), refusal=error)
        messages.success(request, _(done))
        return redirect("accounts:connection", connection_id=connection_id)
