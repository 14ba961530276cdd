"""A connection's provisioning token, as an administrator makes, renews and revokes it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from apps.accounts.choices import SubjectSource
from apps.accounts.selectors import connection_for
from apps.accounts.services.scim_access import choose_subject_source, issue_scim_token, revoke_scim_token
from apps.accounts.views.connections import ConnectionView, connection_page
from apps.accounts.views.gate import person_of
from apps.kernel.errors import InvalidInputError


class Token(ConnectionView):
    """The token of the provider's directory: who has it makes accounts, so whoever makes it has just shown who they are."""

    fresh_for = frozenset({"POST"})
    return_to = "accounts:connections"

    def post(self, request: HttpRequest, connection_id: UUID) -> HttpResponse:
        """Make it and show it, this once: it is kept nowhere."""
        user = person_of(request)
        connection = connection_for(user, connection_id)
        issued = issue_scim_token(user, connection_id=connection_id)
        return connection_page(request, connection, new_scim_token=issued.token, status=201)


class Revoke(ConnectionView):
    """End the token."""

    def post(self, request: HttpRequest, connection_id: UUID) -> HttpResponse:
        """Do it and show the connection again."""
        revoke_scim_token(person_of(request), connection_id=connection_id)
        messages.success(request, _("The provisioning token is revoked."))
        return redirect("accounts:connection", connection_id=connection_id)


class Subject(ConnectionView):
    """What the provider calls a person at sign-in: it decides as whom people come in."""

    fresh_for = frozenset({"POST"})
    return_to = "accounts:connections"

    def post(self, request: HttpRequest, connection_id: UUID) -> HttpResponse:
        """Keep it."""
        user = person_of(request)
        connection_for(user, connection_id)
        source = request.POST.get("source", "")
        if source not in SubjectSource.values:
            raise InvalidInputError
        choose_subject_source(user, connection_id=connection_id, source=SubjectSource(source))
        messages.success(request, _("People are found by this name at their next sign-in."))
        return redirect("accounts:connection", connection_id=connection_id)
