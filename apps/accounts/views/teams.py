"""The teams of the organization and who is in them, for its administrators."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from apps.accounts.capabilities import Capability, Whose
from apps.accounts.forms import MemberFilter, MemberForm, TeamForm
from apps.accounts.selectors import person_by_email
from apps.accounts.services.teams import add_member, make_team, remove_member, remove_team, rename_team
from apps.accounts.team_selectors import members_of, people_outside, team_for, teams_for
from apps.accounts.views.gate import CapabilityView, person_of
from apps.accounts.views.refusals import show_refusal
from apps.kernel.errors import DomainError
from apps.kernel.http.problem_details import status_of

_A_PAGE = 50
_MOST_SUGGESTED = 200


class Teams(CapabilityView):
    """All of them."""

    capability = Capability.MANAGE_ORGANIZATION

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list."""
        return _list(request, TeamForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make a team and go to it."""
        form, status = TeamForm(request.POST), 400
        if form.is_valid():
            try:
                team = make_team(person_of(request), name=form.cleaned_data["name"])
            except DomainError as error:
                show_refusal(form, error)
                status = status_of(error)
            else:
                return redirect("accounts:team", team_id=team.pk)
        return _list(request, form, status=status)


class OneTeam(CapabilityView):
    """Its name and its members."""

    capability = Capability.MANAGE_ORGANIZATION
    whose = Whose.EVERYBODYS

    def get(self, request: HttpRequest, team_id: UUID) -> HttpResponse:
        """The page."""
        return _one(request, team_id)

    def post(self, request: HttpRequest, team_id: UUID) -> HttpResponse:
        """Rename it."""
        user = person_of(request)
        team_for(user, team_id)
        form = TeamForm(request.POST)
        return _after(
            request, team_id, form, lambda: rename_team(user, team_id=team_id, name=form.cleaned_data["name"])
        )


class AddMember(CapabilityView):
    """Put somebody in."""

    capability = Capability.MANAGE_ORGANIZATION
    whose = Whose.EVERYBODYS

    def post(self, request: HttpRequest, team_id: UUID) -> HttpResponse:
        """The person with this address."""
        user = person_of(request)
        team_for(user, team_id)
        form = MemberForm(request.POST)
        person = person_by_email(form.cleaned_data["member"]) if form.is_valid() else None
        if form.is_valid() and person is None:
            form.add_error("member", _("There is no account with this e-mail address."))
        return _after(request, team_id, form, lambda: person and add_member(user, team_id=team_id, person_id=person.pk))


class RemoveMember(CapabilityView):
    """Take somebody out."""

    capability = Capability.MANAGE_ORGANIZATION
    whose = Whose.EVERYBODYS

    def post(self, request: HttpRequest, membership_id: UUID) -> HttpResponse:
        """Do it and show the team."""
        team = remove_member(person_of(request), membership_id=membership_id)
        return redirect("accounts:team", team_id=team.pk)


class RemoveTeam(CapabilityView):
    """Remove the team; its people stay."""

    capability = Capability.MANAGE_ORGANIZATION
    whose = Whose.EVERYBODYS

    def post(self, request: HttpRequest, team_id: UUID) -> HttpResponse:
        """Do it and show the list."""
        remove_team(person_of(request), team_id=team_id)
        messages.success(request, _("The team is removed. Its people stay."))
        return redirect("accounts:teams")


def _after(
    request: HttpRequest, team_id: UUID, form: TeamForm | MemberForm, deed: Callable[[], object]
) -> HttpResponse:
    """Do what was asked and show the team, with the refusal in the form it belongs to."""
    status = 400
    if form.is_valid():
        try:
            deed()
        except DomainError as error:
            show_refusal(form, error)
            status = status_of(error)
        else:
            return redirect("accounts:team", team_id=team_id)
    return _one(request, team_id, form=form, status=status)


def _list(request: HttpRequest, form: TeamForm, *, status: int = 200) -> HttpResponse:
    page = Paginator(teams_for(person_of(request)), _A_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/teams.html", {"page": page, "form": form}, status=status)


def _one(
    request: HttpRequest, team_id: UUID, *, form: TeamForm | MemberForm | None = None, status: int = 200
) -> HttpResponse:
    user = person_of(request)
    team = team_for(user, team_id)
    asked = MemberFilter(request.GET, auto_id="filter_%s")
    members = members_of(user, team_id=team_id)
    words = asked.cleaned_data["q"] if asked.is_valid() else ""
    if words:
        members = members.filter(Q(user__name__icontains=words) | Q(user__email__icontains=words))
    context: dict[str, Any] = {
        "team": team,
        "page": Paginator(members, _A_PAGE).get_page(request.GET.get("page")),
        "filter": asked,
        "words": words,
        "team_form": form if isinstance(form, TeamForm) else TeamForm(initial={"name": team.name}),
        "member_form": form if isinstance(form, MemberForm) else MemberForm(),
        "others": people_outside(user, team_id=team_id)[:_MOST_SUGGESTED],
    }
    return render(request, "accounts/team.html", context, status=status)
