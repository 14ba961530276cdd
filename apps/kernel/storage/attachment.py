"""Files that leave the house: always an attachment, never shown from our own address."""

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from apps.kernel.storage.tenant_files import stored_chunks


def attachment(key: str, *, file_name: str, size_bytes: int) -> StreamingHttpResponse:
    """A stored file of the current tenant as a download; NotFoundError for another tenant's key."""
    response = StreamingHttpResponse(stored_chunks(key), content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=file_name) or "attachment"
    response["Content-Length"] = str(size_bytes)
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
