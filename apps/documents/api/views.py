"""/api/v2/documents"""

from typing import ClassVar
from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.api.gate import CapabilityAPIView, caller_of
from apps.accounts.capabilities import Capability
from apps.documents.api.filters import DocumentFilter
from apps.documents.api.serializers import (
    DocumentChangeSerializer,
    DocumentSerializer,
    JobSerializer,
    SectionSerializer,
    UploadSerializer,
)
from apps.documents.models import Document
from apps.documents.selectors import document_for, documents_visible_to, sections_of
from apps.documents.services.purge import purge_document
from apps.documents.services.rename import change_document
from apps.documents.services.upload import upload_document
from apps.kernel.audit.record import record
from apps.kernel.errors import NotFoundError
from apps.kernel.http.entity_tags import entity_tag, refuse_unless_matching
from apps.kernel.http.idempotency import answer_once
from apps.kernel.http.pagination import CursorPages
from apps.kernel.jobs.selectors import latest_job
from apps.kernel.storage.attachment import attachment

IDEMPOTENCY = OpenApiParameter(
    "Idempotency-Key", OpenApiTypes.STR, OpenApiParameter.HEADER, description="Same key, same answer, one effect."
)


def _shown(request: Request, document_id: UUID) -> Document:
    """The document as its serializer wants it."""
    document = documents_visible_to(caller_of(request)).filter(pk=document_id).first()
    if document is None:
        raise NotFoundError
    return document


class Documents(CapabilityAPIView):
    """List and upload."""

    capabilities: ClassVar[dict[str, Capability]] = {
        "GET": Capability.READ_DOCUMENTS,
        "POST": Capability.UPLOAD_DOCUMENTS,
    }
    parser_classes = [MultiPartParser]

    @extend_schema(
        operation_id="documents_list",
        responses=DocumentSerializer(many=True),
        parameters=[
            OpenApiParameter(name, OpenApiTypes.STR)
            for name in ("name", "classification", "created_after", "created_before", "cursor", "limit")
        ],
    )
    def get(self, request: Request) -> Response:
        """Newest first."""
        found = DocumentFilter(request.query_params, queryset=documents_visible_to(caller_of(request)), request=request)
        pages = CursorPages()
        page: list[Document] | None = pages.paginate_queryset(found.qs, request, view=self)
        return pages.get_paginated_response(DocumentSerializer(page, many=True).data)

    @extend_schema(
        operation_id="documents_upload",
        request={"multipart/form-data": UploadSerializer},
        responses={201: DocumentSerializer},
        parameters=[IDEMPOTENCY],
    )
    def post(self, request: Request) -> HttpResponse:
        """Store a file and have it reviewed."""
        return answer_once(request, lambda: self._upload(request))

    def _upload(self, request: Request) -> Response:
        given = UploadSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        file = given.validated_data["file"]
        document = upload_document(
            caller_of(request),
            file_name=file.name,
            content=file,
            size_bytes=file.size,
            classification=given.validated_data["classification"],
        )
        body = DocumentSerializer(_shown(request, document.id)).data
        return Response(body, status=201, headers={"Location": body["_links"]["self"]})


class OneDocument(CapabilityAPIView):
    """Read, change, delete."""

    capabilities: ClassVar[dict[str, Capability]] = {
        "GET": Capability.READ_DOCUMENTS,
        "PATCH": Capability.UPLOAD_DOCUMENTS,
        "DELETE": Capability.DELETE_DOCUMENTS,
    }

    @extend_schema(operation_id="documents_read", responses=DocumentSerializer)
    def get(self, request: Request, document_id: UUID) -> Response:
        """One document."""
        document = _shown(request, document_id)
        return Response(DocumentSerializer(document).data, headers={"ETag": entity_tag(document.updated_at)})

    @extend_schema(operation_id="documents_change", request=DocumentChangeSerializer, responses=DocumentSerializer)
    def patch(self, request: Request, document_id: UUID) -> Response:
        """Rename or reclassify."""
        given = DocumentChangeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        refuse_unless_matching(
            request, entity_tag(document_for(caller_of(request), document_id, need="view").updated_at)
        )
        change_document(caller_of(request), document_id=document_id, **given.validated_data)
        document = _shown(request, document_id)
        return Response(DocumentSerializer(document).data, headers={"ETag": entity_tag(document.updated_at)})

    @extend_schema(operation_id="documents_delete", responses={204: None})
    def delete(self, request: Request, document_id: UUID) -> Response:
        """Delete for good."""
        purge_document(caller_of(request), document_id=document_id)
        return Response(status=204)


class Sections(CapabilityAPIView):
    """The text."""

    capability = Capability.READ_DOCUMENTS

    @extend_schema(operation_id="documents_sections", responses=SectionSerializer(many=True))
    def get(self, request: Request, document_id: UUID) -> Response:
        """All sections in reading order."""
        version = document_for(caller_of(request), document_id, need="view").current_version()
        return Response(SectionSerializer(sections_of(version), many=True).data)


class Original(CapabilityAPIView):
    """The uploaded file."""

    capability = Capability.READ_DOCUMENTS

    @extend_schema(
        operation_id="documents_original", responses={(200, "application/octet-stream"): OpenApiTypes.BINARY}
    )
    def get(self, request: Request, document_id: UUID) -> StreamingHttpResponse:
        """Its bytes; the download is recorded."""
        document = document_for(caller_of(request), document_id, need="view")
        version = document.current_version()
        record("document.downloaded", actor=caller_of(request), target=document.id, detail={"version": version.number})
        return attachment(version.stored_key, file_name=version.file_name, size_bytes=version.size_bytes)


class DocumentJob(CapabilityAPIView):
    """How far the review is."""

    capability = Capability.READ_DOCUMENTS

    @extend_schema(operation_id="documents_job", responses=JobSerializer)
    def get(self, request: Request, document_id: UUID) -> Response:
        """The newest job with its stages."""
        document_for(caller_of(request), document_id, need="view")
        job = latest_job(document_id)
        if job is None:
            raise NotFoundError
        return Response(JobSerializer(job).data)
