"""/api/v2/documents/<id>/exports and /exports/<id>"""

from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.api.gate import CapabilityAPIView, caller_of
from apps.accounts.api.listing import CapabilityListView
from apps.accounts.capabilities import Capability, Whose
from apps.feedback.api.serializers import ExportSerializer
from apps.feedback.selectors import export_for, exports_of, review_for
from apps.feedback.services.export import make_word_file
from apps.kernel.audit.record import record
from apps.kernel.http.entity_tags import answer_with_tag
from apps.kernel.http.idempotency import answer_once
from apps.kernel.storage.attachment import attachment


class Exports(CapabilityListView):
    """Reviewed Word files."""

    capability = Capability.DECIDE_FEEDBACK
    whose = Whose.READABLE
    asks_again_for = frozenset({"GET", "POST"})
    tag = "exports"

    @extend_schema(operation_id="exports_list", responses=ExportSerializer(many=True))
    def get(self, request: Request, document_id: UUID) -> Response:
        """The Word files that were made of a review."""
        review = review_for(caller_of(request), document_id, need="view")
        return self.page(request, exports_of(review), ExportSerializer)

    @extend_schema(operation_id="exports_make", request=None, responses={201: ExportSerializer})
    def post(self, request: Request, document_id: UUID) -> HttpResponse:
        """Write the accepted items as comments into a copy of the file; 409 `nothing_to_export` when there are none."""
        return answer_once(request, lambda: self._make(request, document_id))

    def _make(self, request: Request, document_id: UUID) -> Response:
        body = ExportSerializer(make_word_file(caller_of(request), document_id=document_id)).data
        return Response(body, status=201, headers={"Location": body["_links"]["self"]})


class OneExport(CapabilityAPIView):
    """A file that was made."""

    capability = Capability.DECIDE_FEEDBACK
    whose = Whose.READABLE
    asks_again_for = frozenset({"GET", "POST"})
    is_tagged = True

    @extend_schema(operation_id="exports_read", responses=ExportSerializer)
    def get(self, request: Request, export_id: UUID) -> Response:
        """One Word file's facts."""
        return answer_with_tag(request, ExportSerializer(export_for(caller_of(request), export_id)).data)


class ExportFile(CapabilityAPIView):
    """The bytes of a file that was made."""

    capability = Capability.DECIDE_FEEDBACK
    whose = Whose.READABLE
    asks_again_for = frozenset({"GET", "POST"})

    @extend_schema(operation_id="exports_file", responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, export_id: UUID) -> StreamingHttpResponse:
        """A Word file's bytes; the download is recorded."""
        export = export_for(caller_of(request), export_id)
        record(
            "review.downloaded",
            actor=caller_of(request),
            target=export.review.version.document_id,
            detail={"export": str(export.id)},
        )
        return attachment(export.stored_key, file_name=export.file_name, size_bytes=export.size_bytes)
