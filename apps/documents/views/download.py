"""Download the original as it was uploaded."""

from uuid import UUID

from django.http import HttpRequest, StreamingHttpResponse

from apps.accounts.capabilities import Capability, Whose
from apps.accounts.views.gate import CapabilityView, person_of
from apps.documents.selectors import document_for
from apps.kernel.audit.record import record
from apps.kernel.storage.attachment import attachment


class Original(CapabilityView):
    """The uploaded bytes, as an attachment."""

    capability = Capability.READ_DOCUMENTS
    whose = Whose.READABLE

    def get(self, request: HttpRequest, document_id: UUID) -> StreamingHttpResponse:
        """Stream the file; the download is recorded."""
        document = document_for(person_of(request), document_id, need="view")
        version = document.current_version()
        record("document.downloaded", actor=person_of(request), target=document.id, detail={"version": version.number})
        return attachment(version.stored_key, file_name=version.file_name, size_bytes=version.size_bytes)
