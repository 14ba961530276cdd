"""Everybody who was invited and has not come yet, for administrators."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from apps.accounts.capabilities import Capability, Whose
from apps.accounts.forms import MemberFilter
from apps.accounts.selectors import waiting_invitations
from apps.accounts.services.invite import resend_invitation
from apps.accounts.views.gate import CapabilityView, person_of
from apps.kernel.clock import now
from apps.kernel.errors import DomainError
from apps.kernel.http.problem_details import sentence_of, status_of

_A_PAGE = 50


class Invitations(CapabilityView):
    """The list, with those whose link has ended."""

    capability = Capability.MANAGE_ORGANIZATION

    def get(self, request: HttpRequest) -> HttpResponse:
        """As filtered."""
        return _page(request)


class Resend(CapabilityView):
    """A new link for somebody who was invited."""

    capability = Capability.MANAGE_ORGANIZATION
    whose = Whose.EVERYBODYS

    def post(self, request: HttpRequest, invitation_id: UUID) -> HttpResponse:
        """Send it and show the list, with the refusal if there is one."""
        try:
            invitation = resend_invitation(person_of(request), invitation_id=invitation_id)
        except DomainError as error:
            return _page(request, refusal=error)
        messages.success(
            request, _("A new link is on its way to %(email)s. The old one has ended.") % {"email": invitation.email}
        )
        return redirect("accounts:invitations")


def _page(request: HttpRequest, *, refusal: DomainError | None = None) -> HttpResponse:
    asked = MemberFilter(request.GET, auto_id="filter_%s")
    words = asked.cleaned_data["q"] if asked.is_valid() else ""
    invitations = waiting_invitations(person_of(request))
    if words:
        invitations = invitations.filter(Q(name__icontains=words) | Q(email__icontains=words))
    context = {
        "page": Paginator(invitations, _A_PAGE).get_page(request.GET.get("page")),
        "filter": asked,
        "words": words,
        "now": now(),
        "refusal": sentence_of(refusal) if refusal else "",
    }
    return render(request, "accounts/invitations.html", context, status=status_of(refusal) if refusal else 200)
