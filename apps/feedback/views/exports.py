"""Make the reviewed Word file, and take it home."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect

from apps.accounts.capabilities import Capability, Whose
from apps.accounts.views.gate import CapabilityView, person_of
from apps.feedback.desk_page import preview_context
from apps.feedback.errors import NothingToExportError
from apps.feedback.selectors import export_for, review_for
from apps.feedback.services.export import make_word_file
from apps.kernel.audit.record import record
from apps.kernel.http.error_pages import wants_json
from apps.kernel.http.partials import render_page
from apps.kernel.http.problem_details import sentence_of
from apps.kernel.storage.attachment import attachment


class Preview(CapabilityView):
    """What the Word file would hold if the review were finished now."""

    capability = Capability.DECIDE_FEEDBACK
    whose = Whose.READABLE
    asks_again_for = frozenset({"GET", "POST"})

    def get(self, request: HttpRequest, document_id: UUID) -> HttpResponse:
        """The part for the dialog, or a page with the button to finish."""
        review = review_for(person_of(request), document_id, need="decide")
        context = {"document": review.version.document, "review": review, **preview_context(review)}
        return render_page(request, "feedback/finish.html", context, part="feedback/preview.html")


class Make(CapabilityView):
    """Write the accepted items into the file."""

    capability = Capability.DECIDE_FEEDBACK
    whose = Whose.READABLE
    asks_again_for = frozenset({"GET", "POST"})

    def post(self, request: HttpRequest, document_id: UUID) -> HttpResponse:
        """Make the file and offer it."""
        try:
            export = make_word_file(person_of(request), document_id=document_id)
        except NothingToExportError as error:
            if wants_json(request):
                raise
            messages.warning(request, sentence_of(error))
            return redirect("feedback:desk", document_id=document_id)
        return redirect("feedback:export_file", export_id=export.id)


class Take(CapabilityView):
    """Download a file that was made."""

    capability = Capability.DECIDE_FEEDBACK
    whose = Whose.READABLE
    asks_again_for = frozenset({"GET", "POST"})

    def get(self, request: HttpRequest, export_id: UUID) -> StreamingHttpResponse:
        """Stream it; the download is recorded."""
        export = export_for(person_of(request), export_id)
        document_id = export.review.version.document_id
        record("review.downloaded", actor=person_of(request), target=document_id, detail={"export": str(export.id)})
        return attachment(export.stored_key, file_name=export.file_name, size_bytes=export.size_bytes)
