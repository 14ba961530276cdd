"""/api/v2/documents"""

from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.api.gate import CapabilityAPIView, caller_of
from apps.accounts.api.listing import CapabilityListView
from apps.accounts.capabilities import Capability, Whose
from apps.documents.api.filters import DocumentFilter
from apps.documents.api.serializers import (
    ActivitySerializer,
    DocumentChangeSerializer,
    DocumentSerializer,
    SectionSerializer,
    UploadSerializer,
)
from apps.documents.errors import UploadTooLargeError
from apps.documents.forms import uploaded_file
from apps.documents.selectors import document_for, sections_of, shown_document, shown_documents
from apps.documents.services.purge import purge_document
from apps.documents.services.rename import change_document
from apps.documents.services.upload import upload_document
from apps.kernel.audit.record import record
from apps.kernel.audit.selectors import entries_for
from apps.kernel.http.entity_tags import answer_with_tag, refuse_unless_matching
from apps.kernel.http.idempotency import answer_once
from apps.kernel.http.strict_input import given
from apps.kernel.storage.attachment import attachment

# What a multipart body has beside the file.
_AROUND_A_FILE_BYTES = 64 * 1024


class Documents(CapabilityListView):
    """List and upload."""

    capabilities: ClassVar[dict[str, Capability]] = {
        "GET": Capability.READ_DOCUMENTS,
        "POST": Capability.UPLOAD_DOCUMENTS,
    }
    parser_classes = [MultiPartParser]
    starts_run = True
    filterset = DocumentFilter
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {
        "-created_at": ("-id",),
        "created_at": ("id",),
        "-updated_at": ("-updated_at", "-id"),
        "name": ("name", "id"),
        "-name": ("-name", "-id"),
    }

    @extend_schema(operation_id="documents_list", responses=DocumentSerializer(many=True))
    def get(self, request: Request) -> Response:
        """The documents that you may see."""
        return self.page(request, shown_documents(caller_of(request)), DocumentSerializer)

    @extend_schema(
        operation_id="documents_upload",
        request={"multipart/form-data": UploadSerializer},
        responses={201: DocumentSerializer},
    )
    def post(self, request: Request) -> HttpResponse:
        """Store a file and have it reviewed. Its job is at the document's `_links.job`."""
        return answer_once(request, lambda: self._upload(request))

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse what says itself that it is too long, before it is read."""
        super().initial(request, *args, **kwargs)
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdigit() and int(length) > settings.UPLOAD_MAX_BYTES + _AROUND_A_FILE_BYTES:
            raise UploadTooLargeError(limit_mb=settings.UPLOAD_MAX_BYTES // (1024 * 1024))

    def _upload(self, request: Request) -> Response:
        file = uploaded_file(request)
        said = given(request, UploadSerializer)
        document = upload_document(
            caller_of(request),
            file_name=file.name or "",
            content=file,
            size_bytes=file.size or 0,
            classification=said["classification"],
        )
        body = DocumentSerializer(shown_document(caller_of(request), document.id)).data
        return Response(body, status=201, headers={"Location": body["_links"]["self"]})


class OneDocument(CapabilityAPIView):
    """Read, change, delete."""

    capabilities: ClassVar[dict[str, Capability]] = {
        "GET": Capability.READ_DOCUMENTS,
        "PATCH": Capability.UPLOAD_DOCUMENTS,
        "DELETE": Capability.DELETE_DOCUMENTS,
    }
    whose = Whose.READABLE
    whose_by_method: ClassVar[dict[str, Whose]] = {"DELETE": Whose.DELETABLE}
    is_tagged = True
    is_versioned = True

    @extend_schema(operation_id="documents_read", responses=DocumentSerializer)
    def get(self, request: Request, document_id: UUID) -> Response:
        """One document."""
        return self._answer(request, document_id)

    @extend_schema(
        operation_id="documents_change",
        request=DocumentChangeSerializer,
        responses=DocumentSerializer,
        examples=[OpenApiExample("Keep it close", {"classification": "restricted"}, request_only=True)],
    )
    def patch(self, request: Request, document_id: UUID) -> Response:
        """Rename or reclassify."""
        said = given(request, DocumentChangeSerializer)
        read = document_for(caller_of(request), document_id, need="edit").updated_at
        refuse_unless_matching(request, read, is_required=True)
        change_document(caller_of(request), document_id=document_id, expected=read, **said)
        return self._answer(request, document_id)

    @extend_schema(operation_id="documents_delete", responses={204: None})
    def delete(self, request: Request, document_id: UUID) -> Response:
        """Delete for good, with its files. The record that it existed is kept."""
        refuse_unless_matching(request, document_for(caller_of(request), document_id, need="view").updated_at)
        purge_document(caller_of(request), document_id=document_id)
        return Response(status=204)

    def _answer(self, request: Request, document_id: UUID) -> Response:
        document = shown_document(caller_of(request), document_id)
        return answer_with_tag(request, DocumentSerializer(document).data, version=document.updated_at)


class Sections(CapabilityListView):
    """The text."""

    capability = Capability.READ_DOCUMENTS
    whose = Whose.READABLE
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {"index": ("index", "id")}

    @extend_schema(operation_id="documents_sections", responses=SectionSerializer(many=True))
    def get(self, request: Request, document_id: UUID) -> Response:
        """The sections in reading order; none until the text was read."""
        version = document_for(caller_of(request), document_id, need="view").current_version()
        return self.page(request, sections_of(version), SectionSerializer)


class Original(CapabilityAPIView):
    """The uploaded file."""

    capability = Capability.READ_DOCUMENTS
    whose = Whose.READABLE

    @extend_schema(
        operation_id="documents_original", responses={(200, "application/octet-stream"): OpenApiTypes.BINARY}
    )
    def get(self, request: Request, document_id: UUID) -> StreamingHttpResponse:
        """The uploaded file's bytes; the download is recorded."""
        document = document_for(caller_of(request), document_id, need="view")
        version = document.current_version()
        record("document.downloaded", actor=caller_of(request), target=document.id, detail={"version": version.number})
        return attachment(version.stored_key, file_name=version.file_name, size_bytes=version.size_bytes)


class Activity(CapabilityListView):
    """What happened to a document."""

    capability = Capability.READ_DOCUMENTS
    whose = Whose.READABLE

    @extend_schema(operation_id="documents_activity", responses=ActivitySerializer(many=True))
    def get(self, request: Request, document_id: UUID) -> Response:
        """Who did what to this document."""
        document_for(caller_of(request), document_id, need="view")
        return self.page(request, entries_for(document_id), ActivitySerializer)
