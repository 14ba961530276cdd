"""Single sign-on as an administrator sets it up: connect a provider, prove mail domains, try it, switch it on."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from apps.accounts.capabilities import Capability, Whose
from apps.accounts.choices import ConnectionKind, ProviderPreset, SubjectSource
from apps.accounts.connection_forms import AdmissionForm, DomainForm, NewConnectionForm, admission_form
from apps.accounts.models import SSOConnection
from apps.accounts.selectors import (
    collected_test,
    connection_for,
    connections_for,
    is_described,
    mail_domains_for,
    scim_access_for,
    sign_in_policy,
)
from apps.accounts.services.connect_sso import (
    change_admission,
    make_connection,
    remove_connection,
    require_sso,
    set_group_rules,
    switch_connection,
)
from apps.accounts.services.oidc_sign_in import begin_oidc_sign_in
from apps.accounts.services.prove_domain import name_domain, prove_domain, remove_domain
from apps.accounts.services.saml_sign_in import begin_saml_sign_in
from apps.accounts.sso.addresses import scim_address
from apps.accounts.sso.admission import plan_admission
from apps.accounts.sso.sealed_claims import claims_in
from apps.accounts.views.directory_page import directory_page
from apps.accounts.views.gate import CapabilityView, person_of
from apps.accounts.views.oidc_context import oidc_context
from apps.accounts.views.refusals import show_refusal
from apps.accounts.views.saml import keep_in_browser
from apps.accounts.views.saml_context import ends_of_certificates, saml_context
from apps.kernel.clock import now
from apps.kernel.errors import DomainError
from apps.kernel.http.problem_details import sentence_of, status_of

# What each protocol adds: how a trial begins, and what the page of a connection shows.
_BEGINNINGS = {ConnectionKind.SAML: begin_saml_sign_in, ConnectionKind.OIDC: begin_oidc_sign_in}
_CONTEXTS = {ConnectionKind.SAML: saml_context, ConnectionKind.OIDC: oidc_context}


class ConnectionView(CapabilityView):
    """What these pages share: who may set them up, and that whoever changes them has just proven who they are."""

    capability = Capability.MANAGE_ORGANIZATION
    fresh_for = frozenset({"POST"})
    return_to = "accounts:connections"
    whose = Whose.EVERYBODYS


class Connections(ConnectionView):
    """The connections, the mail domains, and whether there is another way in."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        return _list(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make a connection and go on to its page."""
        form = NewConnectionForm(request.POST)
        if not form.is_valid():
            return _list(request, new_form=form, status=400)
        values = form.cleaned_data
        preset = ProviderPreset(values["preset"])
        made = make_connection(person_of(request), preset=preset, name=values["name"], kind=values["kind"])
        return redirect("accounts:connection", connection_id=made.pk)


class Domains(ConnectionView):
    """Mail domains."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Name one."""
        form = DomainForm(request.POST)
        if form.is_valid():
            try:
                name_domain(person_of(request), domain=form.cleaned_data["domain"])
            except DomainError as error:
                show_refusal(form, error)
            else:
                return redirect("accounts:connections")
        return _list(request, domain_form=form, status=400)


class ProveDomain(ConnectionView):
    """Look into the DNS."""

    def post(self, request: HttpRequest, domain_id: UUID) -> HttpResponse:
        """Say what was found."""
        try:
            named = prove_domain(person_of(request), domain_id=domain_id)
        except DomainError as error:
            return _list(request, refusal=error)
        messages.success(request, _("%(domain)s is proven.") % {"domain": named.domain})
        return redirect("accounts:connections")


class RemoveDomain(ConnectionView):
    """Forget a mail domain."""

    def post(self, request: HttpRequest, domain_id: UUID) -> HttpResponse:
        """Do it."""
        remove_domain(person_of(request), domain_id=domain_id)
        messages.success(request, _("The mail domain is removed."))
        return redirect("accounts:connections")


class RequireSSO(ConnectionView):
    """Whether there is another way in."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep it, or say what is missing."""
        try:
            policy = require_sso(person_of(request), is_required=request.POST.get("is_required") == "yes")
        except DomainError as error:
            return _list(request, refusal=error)
        done = _("Single sign-on is now the only way in.") if policy.requires_sso else _("Passwords work again.")
        messages.success(request, done)
        return redirect("accounts:connections")


class Connection(ConnectionView):
    """One connection, step by step."""

    def get(self, request: HttpRequest, connection_id: UUID) -> HttpResponse:
        """The page."""
        return connection_page(request, connection_for(person_of(request), connection_id))


class WhoMayCome(ConnectionView):
    """Who may come by the connection, and as what."""

    def post(self, request: HttpRequest, connection_id: UUID) -> HttpResponse:
        """Keep it."""
        user = person_of(request)
        connection = connection_for(user, connection_id)
        form = AdmissionForm(request.POST)
        if not form.is_valid():
            return connection_page(request, connection, admission=form, status=400)
        change_admission(user, connection_id=connection_id, rules=form.admission())
        set_group_rules(user, connection_id=connection_id, rules=form.group_rules)
        messages.success(request, _("Who may come is saved."))
        return redirect("accounts:connection", connection_id=connection_id)


class Switch(ConnectionView):
    """On or off."""

    def post(self, request: HttpRequest, connection_id: UUID) -> HttpResponse:
        """Do it, or say what is missing."""
        user, is_enabled = person_of(request), request.POST.get("is_enabled") == "yes"
        try:
            switch_connection(user, connection_id=connection_id, is_enabled=is_enabled)
        except DomainError as error:
            return connection_page(request, connection_for(user, connection_id), refusal=error)
        done = _("People can sign in with it now.") if is_enabled else _("Nobody can sign in with it now.")
        messages.success(request, done)
        return redirect("accounts:connection", connection_id=connection_id)


class Remove(ConnectionView):
    """Remove the connection."""

    def post(self, request: HttpRequest, connection_id: UUID) -> HttpResponse:
        """Do it."""
        remove_connection(person_of(request), connection_id=connection_id)
        messages.success(request, _("The connection is removed. The people who came by it are still here."))
        return redirect("accounts:connections")


class Try(ConnectionView):
    """Try the connection: the whole way to the provider and back, without signing anybody in."""

    def post(self, request: HttpRequest, connection_id: UUID) -> HttpResponse:
        """Leave for the provider. A page, not a form, leads there: forms go nowhere but here."""
        connection = connection_for(person_of(request), connection_id)
        begin = _BEGINNINGS.get(ConnectionKind(connection.kind))
        if begin is None or not is_described(connection):
            return redirect("accounts:connection", connection_id=connection_id)
        try:
            begun = begin(connection, goal="", is_test=True)
        except DomainError as error:
            return connection_page(request, connection, refusal=error)
        response = render(request, "accounts/connection_leave.html", {"connection": connection, "url": begun.url})
        keep_in_browser(response, begun.browser_token)
        return response


class Tried(ConnectionView):
    """What the provider sent, and what would become of it."""

    def get(self, request: HttpRequest, answer_id: UUID) -> HttpResponse:
        """The page; for two minutes."""
        answered = collected_test(person_of(request), answer_id)
        connection, claims = answered.connection, claims_in(answered)
        plan = plan_admission(connection, claims)
        context = {"connection": connection, "claims": claims, "plan": plan, "attributes": claims.attributes.items()}
        return render(request, "accounts/connection_tested.html", context)


def _list(request: HttpRequest, *, refusal: DomainError | None = None, status: int = 200, **more: Any) -> HttpResponse:
    user = person_of(request)
    context = {
        "connections": connections_for(user),
        "domains": mail_domains_for(user),
        "certificate_ends": ends_of_certificates(user),
        "policy": sign_in_policy(),
        "new_form": NewConnectionForm(),
        "domain_form": DomainForm(),
        "refusal": sentence_of(refusal) if refusal else "",
        **more,
    }
    return render(request, "accounts/connections.html", context, status=status_of(refusal) if refusal else status)


def connection_page(
    request: HttpRequest,
    connection: SSOConnection,
    *,
    refusal: DomainError | None = None,
    status: int = 200,
    **forms: Any,
) -> HttpResponse:
    """The page of one connection, with what holds now and what was just refused."""
    if connection.kind == ConnectionKind.LDAP:
        return directory_page(request, connection, refusal=refusal, status=status, **forms)
    context = {
        "connection": connection,
        **_CONTEXTS[ConnectionKind(connection.kind)](connection),
        "admission": admission_form(connection),
        "scim": scim_access_for(person_of(request), connection.pk),
        "scim_url": scim_address(),
        "subject_sources": SubjectSource.choices,
        "now": now(),
        "refusal": sentence_of(refusal) if refusal else "",
        **forms,
    }
    return render(request, "accounts/connection.html", context, status=status_of(refusal) if refusal else status)
