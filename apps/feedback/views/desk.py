"""The review desk: the document beside its items, the scorecard, and the way out to Word."""

from datetime import datetime
from typing import TypedDict
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.capabilities import Capability, Whose
from apps.accounts.views.gate import CapabilityView, person_of
from apps.analysis.services.request_run import request_run
from apps.documents.selectors import document_for
from apps.feedback.desk_page import desk_page
from apps.feedback.errors import ReviewNotReadyError
from apps.feedback.forms import ItemFilter
from apps.feedback.models import Review
from apps.feedback.selectors import review_for, undoable_count
from apps.feedback.services.close_review import close_review, reopen_review
from apps.feedback.services.revert_all import revert_all, undo_revert_all
from apps.kernel.jobs.selectors import latest_job_alone

TAKEN_BACK_AT = "taken_back_at"


class TakenBackOffer(TypedDict):
    """What the desk offers to undo."""

    at: str
    count: int


class Desk(CapabilityView):
    """One document's review."""

    capability = Capability.READ_DOCUMENTS
    whose = Whose.READABLE

    def get(self, request: HttpRequest, document_id: UUID) -> HttpResponse:
        """The desk, or how far the document is on its way there."""
        user = person_of(request)
        try:
            review = review_for(user, document_id, need="view")
        except ReviewNotReadyError:
            document = document_for(user, document_id, need="view")
            return render(
                request, "feedback/waiting.html", {"document": document, "job": latest_job_alone(document_id)}
            )
        context = desk_page(user, review=review, asked=ItemFilter(request.GET), csrf_token=get_token(request))
        context["taken_back"] = _offer(request, review)
        return render(request, "feedback/review_desk.html", context)


class RevertAll(CapabilityView):
    """Take back every decision."""

    capability = Capability.DECIDE_FEEDBACK
    whose = Whose.READABLE

    def post(self, request: HttpRequest, document_id: UUID) -> HttpResponse:
        """Take back and show the desk again, which offers to undo it."""
        taken_back = revert_all(person_of(request), document_id=document_id)
        if not taken_back.count:
            messages.info(request, _("There was no decision to take back."))
            return redirect("feedback:desk", document_id=document_id)
        # In the address rather than in the session: another tab that draws its desk anew does not use the offer up.
        moment = urlencode({TAKEN_BACK_AT: taken_back.at.isoformat()})
        return redirect(f"{reverse('feedback:desk', args=[document_id])}?{moment}")


class UndoRevertAll(CapabilityView):
    """Put back what was taken back."""

    capability = Capability.DECIDE_FEEDBACK
    whose = Whose.READABLE

    def post(self, request: HttpRequest, document_id: UUID) -> HttpResponse:
        """Put back, say what was left alone, and show the desk."""
        at = _moment(request.POST.get(TAKEN_BACK_AT, ""))
        put_back = undo_revert_all(person_of(request), document_id=document_id, at=at)
        n, left = put_back.count, put_back.left_count
        if n:
            messages.success(request, ngettext("%(n)s decision restored.", "%(n)s decisions restored.", n) % {"n": n})
        if left:
            sentence = ngettext(
                "%(n)s item was left as it is: it has been decided on since.",
                "%(n)s items were left as they are: they have been decided on since.",
                left,
            )
            messages.warning(request, sentence % {"n": left})
        return redirect("feedback:desk", document_id=document_id)


class Finish(CapabilityView):
    """Close the review."""

    capability = Capability.DECIDE_FEEDBACK
    whose = Whose.READABLE

    def post(self, request: HttpRequest, document_id: UUID) -> HttpResponse:
        """Close and show the desk, which says so for as long as it is."""
        close_review(person_of(request), document_id=document_id)
        return redirect("feedback:desk", document_id=document_id)


class Reopen(CapabilityView):
    """Open a finished review."""

    capability = Capability.DECIDE_FEEDBACK
    whose = Whose.READABLE

    def post(self, request: HttpRequest, document_id: UUID) -> HttpResponse:
        """Open and show the desk."""
        reopen_review(person_of(request), document_id=document_id)
        return redirect("feedback:desk", document_id=document_id)


class Again(CapabilityView):
    """Ask the engines again, for example when the model was down."""

    capability = Capability.RUN_ANALYSIS
    whose = Whose.READABLE
    starts_run = True

    def post(self, request: HttpRequest, document_id: UUID) -> HttpResponse:
        """Start a new run; decisions stay."""
        request_run(person_of(request), document_id=document_id)
        messages.success(request, _("A new review has started. Your decisions are kept."))
        return redirect("feedback:desk", document_id=document_id)


def _offer(request: HttpRequest, review: Review) -> TakenBackOffer | None:
    """What this person has just taken back and may have back, as the address says; None when there is nothing of it."""
    at = _moment(request.GET.get(TAKEN_BACK_AT, ""))
    count = undoable_count(person_of(request), review=review, at=at) if at is not None and review.is_open else 0
    return {"at": at.isoformat(), "count": count} if at is not None and count else None


def _moment(text: str) -> datetime | None:
    """The time that was sent, None for anything else."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None
