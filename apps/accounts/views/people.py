"""The people of the organization, for its administrators."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from apps.accounts.capabilities import Capability, RoleName, Whose
from apps.accounts.forms import InviteForm, PeopleFilter, RoleForm, roles_to_grant
from apps.accounts.models import User
from apps.accounts.selectors import people_visible_to, waiting_invitations, with_second_factors
from apps.accounts.services.change_role import change_role
from apps.accounts.services.deactivate import deactivate_person
from apps.accounts.services.end_sessions import end_all_sessions
from apps.accounts.services.invite import invite_person, withdraw_invitation
from apps.accounts.services.reactivate import reactivate_person
from apps.accounts.services.take_away_second_factors import take_away_second_factors
from apps.accounts.services.tokens import end_programs_of
from apps.accounts.team_selectors import team_for
from apps.accounts.views.gate import CapabilityView, person_of
from apps.accounts.views.refusals import show_refusal
from apps.kernel.clock import now
from apps.kernel.errors import DomainError, InvalidInputError
from apps.kernel.http.partials import render_page
from apps.kernel.http.problem_details import sentence_of, status_of

_A_PAGE = 50
_INVITATIONS_SHOWN = 5


class People(CapabilityView):
    """Who is here, in which role; who is invited."""

    capability = Capability.MANAGE_ORGANIZATION

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list as filtered; htmx gets the list alone."""
        return _page(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Invite somebody."""
        user = person_of(request)
        form, status = InviteForm(request.POST, inviter=user), 400
        if form.is_valid():
            values = form.cleaned_data
            try:
                team = team_for(user, UUID(values["team"])) if values["team"] else None
                role = RoleName(values["role"])
                invite_person(user, email=values["email"], role=role, name=values["name"], team=team)
            except DomainError as error:
                show_refusal(form, error)
                status = status_of(error)
            else:
                messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": values["email"]})
                return redirect("accounts:people")
        return _page(request, invite_form=form, status=status)


class ChangeRole(CapabilityView):
    """Give somebody another role."""

    capability = Capability.MANAGE_ORGANIZATION
    whose = Whose.EVERYBODYS

    def post(self, request: HttpRequest, person_id: UUID) -> HttpResponse:
        """Change it and show the list, with the refusal if there is one."""
        form = RoleForm(request.POST)
        if not form.is_valid():
            return _page(request, refusal=InvalidInputError())
        try:
            person = change_role(person_of(request), person_id=person_id, role=RoleName(form.cleaned_data["role"]))
        except DomainError as error:
            return _page(request, refusal=error)
        messages.success(
            request, _("%(name)s has a new role: %(role)s.") % {"name": person.name, "role": person.get_role_display()}
        )
        return redirect("accounts:people")


class SignOutEverywhere(CapabilityView):
    """End all sessions of somebody."""

    capability = Capability.MANAGE_ORGANIZATION
    whose = Whose.EVERYBODYS

    def post(self, request: HttpRequest, person_id: UUID) -> HttpResponse:
        """Do it and show the list, with the refusal if there is one."""
        try:
            person = end_all_sessions(person_of(request), person_id=person_id)
        except DomainError as error:
            return _page(request, refusal=error)
        messages.success(request, _("%(name)s is signed out everywhere.") % {"name": person.name})
        return redirect("accounts:people")


class EndPrograms(CapabilityView):
    """Sign the programs of somebody out."""

    capability = Capability.MANAGE_ORGANIZATION
    whose = Whose.EVERYBODYS

    def post(self, request: HttpRequest, person_id: UUID) -> HttpResponse:
        """Do it and show the list, with the refusal if there is one."""
        try:
            person = end_programs_of(person_of(request), person_id=person_id)
        except DomainError as error:
            return _page(request, refusal=error)
        messages.success(request, _("The programs of %(name)s are signed out.") % {"name": person.name})
        return redirect("accounts:people")


class Deactivate(CapabilityView):
    """Take somebody's access away."""

    capability = Capability.MANAGE_ORGANIZATION
    whose = Whose.EVERYBODYS

    def post(self, request: HttpRequest, person_id: UUID) -> HttpResponse:
        """Do it and show the list, with the refusal if there is one."""
        try:
            person = deactivate_person(person_of(request), person_id=person_id)
        except DomainError as error:
            return _page(request, refusal=error)
        messages.success(request, _("%(name)s cannot sign in any more.") % {"name": person.name})
        return redirect("accounts:people")


class Reactivate(CapabilityView):
    """Give somebody their access back."""

    capability = Capability.MANAGE_ORGANIZATION
    whose = Whose.EVERYBODYS

    def post(self, request: HttpRequest, person_id: UUID) -> HttpResponse:
        """Do it and show the list, with the refusal if there is one."""
        try:
            person = reactivate_person(person_of(request), person_id=person_id)
        except DomainError as error:
            return _page(request, refusal=error)
        messages.success(request, _("%(name)s can sign in again.") % {"name": person.name})
        return redirect("accounts:people")


class TakeAwaySecondFactors(CapabilityView):
    """Help somebody who has lost their phone."""

    capability = Capability.MANAGE_ORGANIZATION
    whose = Whose.EVERYBODYS
    fresh_for = frozenset({"POST"})
    return_to = "accounts:people"

    def post(self, request: HttpRequest, person_id: UUID) -> HttpResponse:
        """Do it and show the list, with the refusal if there is one."""
        try:
            person = take_away_second_factors(person_of(request), person_id=person_id)
        except DomainError as error:
            return _page(request, refusal=error)
        messages.success(
            request, _("%(name)s has no second factor any more and is signed out everywhere.") % {"name": person.name}
        )
        return redirect("accounts:people")


class WithdrawInvitation(CapabilityView):
    """Make an invitation's link useless."""

    capability = Capability.MANAGE_ORGANIZATION
    whose = Whose.EVERYBODYS

    def post(self, request: HttpRequest, invitation_id: UUID) -> HttpResponse:
        """Do it and show the list, with the refusal if there is one."""
        try:
            withdraw_invitation(person_of(request), invitation_id=invitation_id)
        except DomainError as error:
            return _page(request, refusal=error)
        messages.success(request, _("The invitation is withdrawn."))
        return redirect("accounts:people")


def _page(
    request: HttpRequest,
    *,
    invite_form: InviteForm | None = None,
    refusal: DomainError | None = None,
    status: int = 200,
) -> HttpResponse:
    user = person_of(request)
    filter_form = PeopleFilter(request.GET, auto_id="filter_%s", reader=user)
    people = _filtered(people_visible_to(user), filter_form.cleaned_data if filter_form.is_valid() else {})
    page = Paginator(with_second_factors(people).prefetch_related("teams").order_by("name", "pk"), _A_PAGE).get_page(
        request.GET.get("page")
    )
    context: dict[str, Any] = {
        "page": page,
        "filter": filter_form,
        "is_filtered": any(request.GET.get(name) for name in ("q", "role", "state", "team")),
        "invitations": waiting_invitations(user)[:_INVITATIONS_SHOWN],
        "invitation_count": waiting_invitations(user).count(),
        "now": now(),
        "invite_form": invite_form or InviteForm(inviter=user, initial={"role": RoleName.ANALYST.value}),
        "roles": roles_to_grant(user),
        "refusal": sentence_of(refusal) if refusal else "",
    }
    status = status_of(refusal) if refusal else status
    return render_page(request, "accounts/people.html", context, part="accounts/people_list.html", status=status)


def _filtered(people: QuerySet[User], values: dict[str, Any]) -> QuerySet[User]:
    if words := values.get("q"):
        people = people.filter(Q(name__icontains=words) | Q(email__icontains=words))
    if role := values.get("role"):
        people = people.filter(role=role)
    if state := values.get("state"):
        people = people.filter(is_active=state == "active")
    if team_id := values.get("team"):
        people = people.filter(memberships__team_id=team_id)
    return people
