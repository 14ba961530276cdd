"""Make the reviewed Word file, and take it home."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.translation import ngettext

from apps.accounts.capabilities import Capability
from apps.accounts.views.gate import CapabilityView, person_of
from apps.feedback.selectors import export_for
from apps.feedback.services.export import make_word_file
from apps.kernel.audit.record import record
from apps.kernel.storage.attachment import attachment


class Make(CapabilityView):
    """Write the accepted items into the file."""

    capability = Capability.DECIDE_FEEDBACK

    def post(self, request: HttpRequest, document_id: UUID) -> HttpResponse:
        """Make the file and offer it."""
        export = make_word_file(person_of(request), document_id=document_id)
        count = export.comment_count
        messages.success(
            request,
            ngettext("The Word file holds %(n)s comment.", "The Word file holds %(n)s comments.", count) % {"n": count},
        )
        return redirect("feedback:export_file", export_id=export.id)


class Take(CapabilityView):
    """Download a file that was made."""

    capability = Capability.DECIDE_FEEDBACK

    def get(self, request: HttpRequest, export_id: UUID) -> StreamingHttpResponse:
        """Stream it; the download is recorded."""
        export = export_for(person_of(request), export_id)
        document_id = export.review.version.document_id
        record("review.downloaded", actor=person_of(request), target=document_id, detail={"export": str(export.id)})
        return attachment(export.stored_key, file_name=export.file_name, size_bytes=export.size_bytes)
