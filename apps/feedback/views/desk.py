"""The review desk: the document beside its items, the scorecard, and the way out to Word."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.capabilities import Capability
from apps.accounts.views.gate import CapabilityView, person_of
from apps.analysis.services.request_run import request_run
from apps.documents.selectors import document_for
from apps.feedback.desk_page import desk_page, job_context
from apps.feedback.errors import ReviewNotReadyError
from apps.feedback.forms import ItemFilter
from apps.feedback.selectors import review_for
from apps.feedback.services.close_review import close_review, reopen_review
from apps.feedback.services.revert_all import revert_all


class Desk(CapabilityView):
    """One document's review."""

    capability = Capability.READ_DOCUMENTS

    def get(self, request: HttpRequest, document_id: UUID) -> HttpResponse:
        """The desk, or how far the document is on its way there."""
        document = document_for(person_of(request), document_id, need="view")
        try:
            review = review_for(person_of(request), document_id, need="view")
        except ReviewNotReadyError:
            return render(request, "feedback/waiting.html", {"document": document, **job_context(document_id)})
        context = desk_page(person_of(request), document=document, review=review, asked=ItemFilter(request.GET))
        return render(request, "feedback/review_desk.html", context)


class RevertAll(CapabilityView):
    """Take back every decision."""

    capability = Capability.DECIDE_FEEDBACK

    def post(self, request: HttpRequest, document_id: UUID) -> HttpResponse:
        """Take back and show the desk again."""
        count = revert_all(person_of(request), document_id=document_id)
        messages.success(
            request, ngettext("%(n)s decision taken back.", "%(n)s decisions taken back.", count) % {"n": count}
        )
        return redirect("feedback:desk", document_id=document_id)


class Finish(CapabilityView):
    """Close the review."""

    capability = Capability.DECIDE_FEEDBACK

    def post(self, request: HttpRequest, document_id: UUID) -> HttpResponse:
        """Close and show the desk."""
        close_review(person_of(request), document_id=document_id)
        messages.success(request, _("The review is finished. You can take the Word file home now."))
        return redirect("feedback:desk", document_id=document_id)


class Reopen(CapabilityView):
    """Open a finished review."""

    capability = Capability.DECIDE_FEEDBACK

    def post(self, request: HttpRequest, document_id: UUID) -> HttpResponse:
        """Open and show the desk."""
        reopen_review(person_of(request), document_id=document_id)
        return redirect("feedback:desk", document_id=document_id)


class Again(CapabilityView):
    """Ask the engines again, for example when the model was down."""

    capability = Capability.RUN_ANALYSIS

    def post(self, request: HttpRequest, document_id: UUID) -> HttpResponse:
        """Start a new run; decisions stay."""
        request_run(person_of(request), document_id=document_id)
        messages.success(request, _("A new review has started. Your decisions are kept."))
        return redirect("feedback:desk", document_id=document_id)
