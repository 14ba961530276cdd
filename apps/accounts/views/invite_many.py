"""Invite many people with a list: written or uploaded, checked line by line, then sent."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from apps.accounts.capabilities import Capability, Whose
from apps.accounts.choices import HARMLESS, LineOutcome
from apps.accounts.errors import RosterTooLongError
from apps.accounts.forms import InviteManyForm
from apps.accounts.models import InvitationBatch
from apps.accounts.roster.reading import MOST_BYTES, MOST_LINES
from apps.accounts.roster.writing import as_table
from apps.accounts.selectors import batch_for
from apps.accounts.services.invite_many import ask_for_invitations
from apps.accounts.services.plan_invitations import (
    ListWishes,
    PlannedLine,
    lines_of_roster,
    plan_invitations,
    text_of_roster,
)
from apps.accounts.views.gate import CapabilityView, person_of
from apps.accounts.views.refusals import show_refusal
from apps.kernel.errors import DomainError
from apps.kernel.http.partials import render_page
from apps.kernel.http.problem_details import status_of
from apps.kernel.http.uploads import upload_fault
from apps.kernel.identifiers import new_id
from apps.kernel.jobs.selectors import latest_job

_EXAMPLE = (
    ("email", "name", "role", "team"),
    ("ada@example.com", "Ada Lovelace", "analyst", "Fraud"),
    ("grace@example.com", "Grace Hopper", "team_lead", "Fraud"),
    ("edsger@example.com", "Edsger Dijkstra", "viewer", ""),
)
_HEADINGS = ("line", "email", "name", "role", "team", "outcome")


class InviteMany(CapabilityView):
    """The list, what would become of each line, and the button that sends."""

    capability = Capability.MANAGE_ORGANIZATION

    def get(self, request: HttpRequest) -> HttpResponse:
        """An empty list."""
        return _page(request, InviteManyForm(initial={"usual_role": "analyst", "batch_id": new_id()}))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Check the list; send it only when it is asked for and is the very list that was checked."""
        form = InviteManyForm(_with_file(request))
        if not form.is_valid():
            return _page(request, form, status=400)
        user, wishes = person_of(request), _wishes(form)
        try:
            lines = lines_of_roster(form.cleaned_data["text"])
            if form.is_confirmed():
                batch_id = form.cleaned_data["batch_id"]
                batch = ask_for_invitations(user, batch_id=batch_id, lines=lines, wishes=wishes)
                return redirect("accounts:invitation_batch", batch_id=batch.pk)
            planned = plan_invitations(user, lines, wishes)
        except DomainError as error:
            show_refusal(form, error)
            return _page(request, form, status=status_of(error))
        if form.cleaned_data["deed"] == "send":
            messages.info(request, _("The list has changed. Please look at it once more."))
        return _page(request, form.as_checked(), planned=planned)


class InvitationList(CapabilityView):
    """A list that was sent: how far it is, and what became of each line."""

    capability = Capability.MANAGE_ORGANIZATION
    whose = Whose.EVERYBODYS

    def get(self, request: HttpRequest, batch_id: UUID) -> HttpResponse:
        """The page; htmx gets the lines alone, every two seconds while they are worked off."""
        batch = batch_for(person_of(request), batch_id)
        job = latest_job(batch.pk, "invitations")
        context = {
            "batch": batch,
            "lines": [(line, LineOutcome(line["outcome"])) for line in batch.lines],
            "is_working": not batch.is_done and (job is None or job.is_active),
        }
        return render_page(
            request, "accounts/invitation_batch.html", context, part="accounts/invitation_batch_lines.html"
        )


class InvitationListFile(CapabilityView):
    """The same as a table for a spreadsheet."""

    capability = Capability.MANAGE_ORGANIZATION
    whose = Whose.EVERYBODYS

    def get(self, request: HttpRequest, batch_id: UUID) -> HttpResponse:
        """The file."""
        return _file("invitations.csv", _rows(batch_for(person_of(request), batch_id)))


class Example(CapabilityView):
    """What a list looks like."""

    capability = Capability.MANAGE_ORGANIZATION

    def get(self, request: HttpRequest) -> HttpResponse:
        """The file."""
        del request
        return _file("invitations-example.csv", _EXAMPLE)


def _page(
    request: HttpRequest, form: InviteManyForm, *, planned: list[PlannedLine] | None = None, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {"form": form, "most_lines": MOST_LINES, "most_kib": MOST_BYTES // 1024}
    if planned is not None:
        context |= {
            "is_planned": True,
            "problems": [line for line in planned if not line.is_sent and line.outcome not in HARMLESS],
            "others": [line for line in planned if line.is_sent or line.outcome in HARMLESS],
            "send_count": sum(line.is_sent for line in planned),
            "line_count": len(planned),
        }
    return render(request, "accounts/invite_many.html", context, status=status)


def _with_file(request: HttpRequest) -> dict[str, Any]:
    """What was sent, with the text of the file, if one was chosen, in the place of what was written."""
    said: dict[str, Any] = request.POST.dict()
    try:
        file = request.FILES.get("file")
    except UnreadablePostError:
        return said
    if upload_fault(request) is not None:
        return said | {"fault": RosterTooLongError(lines=MOST_LINES, kib=MOST_BYTES // 1024)}
    if file is None:
        return said
    try:
        return said | {"text": text_of_roster(file.read(MOST_BYTES + 1))}
    except DomainError as error:
        return said | {"fault": error}


def _wishes(form: InviteManyForm) -> ListWishes:
    said = form.cleaned_data
    return ListWishes(renews=said["renews"], makes_teams=said["makes_teams"], usual_role=said["usual_role"])


def _rows(batch: InvitationBatch) -> list[tuple[str, ...]]:
    lines = [
        (
            str(line["number"]),
            line["email"],
            line["name"],
            line["role"],
            line["team"],
            LineOutcome(line["outcome"]).label,
        )
        for line in batch.lines
    ]
    return [_HEADINGS, *((*cells[:-1], str(cells[-1])) for cells in lines)]


def _file(name: str, rows: Any) -> HttpResponse:
    response = HttpResponse(as_table(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
