"""/api/v2/…/feedback, /review, /exports"""

from typing import ClassVar
from uuid import UUID

from django.http import HttpResponse, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.api.gate import CapabilityAPIView, caller_of
from apps.accounts.capabilities import Capability
from apps.analysis.rules.port import ItemType, Risk
from apps.feedback.api.serializers import (
    DecisionSerializer,
    ExportSerializer,
    ItemSerializer,
    RemarkSerializer,
    RewordSerializer,
)
from apps.feedback.choices import Verdict
from apps.feedback.models import Item
from apps.feedback.selectors import export_for, item_for, items_of, review_for
from apps.feedback.services.add_remark import Remark, add_remark, remove_remark
from apps.feedback.services.close_review import close_review, reopen_review
from apps.feedback.services.decide import Wording, decide
from apps.feedback.services.export import make_word_file
from apps.feedback.services.revert_all import revert_all
from apps.kernel.audit.record import record
from apps.kernel.http.entity_tags import entity_tag, refuse_unless_matching
from apps.kernel.http.idempotency import answer_once
from apps.kernel.http.pagination import CursorPages
from apps.kernel.storage.attachment import attachment

IDEMPOTENCY = OpenApiParameter(
    "Idempotency-Key", OpenApiTypes.STR, OpenApiParameter.HEADER, description="Same key, same answer, one effect."
)
_READ_DECIDE: dict[str, Capability] = {
    "GET": Capability.READ_DOCUMENTS,
    "POST": Capability.DECIDE_FEEDBACK,
    "PATCH": Capability.DECIDE_FEEDBACK,
    "DELETE": Capability.DECIDE_FEEDBACK,
}


def _answer(item: Item) -> Response:
    return Response(ItemSerializer(item).data, headers={"ETag": entity_tag(item.revision)})


class Items(CapabilityAPIView):
    """The items of a document; add one of one's own."""

    capabilities: ClassVar[dict[str, Capability]] = {
        "GET": Capability.READ_DOCUMENTS,
        "POST": Capability.DECIDE_FEEDBACK,
    }

    @extend_schema(
        operation_id="feedback_list",
        responses=ItemSerializer(many=True),
        parameters=[OpenApiParameter(name, OpenApiTypes.STR) for name in ("cursor", "limit")],
    )
    def get(self, request: Request, document_id: UUID) -> Response:
        """Every item, hidden ones too, newest first."""
        pages = CursorPages()
        page = pages.paginate_queryset(
            items_of(review_for(caller_of(request), document_id, need="view")), request, view=self
        )
        return pages.get_paginated_response(ItemSerializer(page, many=True).data)

    @extend_schema(
        operation_id="feedback_add", request=RemarkSerializer, responses={201: ItemSerializer}, parameters=[IDEMPOTENCY]
    )
    def post(self, request: Request, document_id: UUID) -> HttpResponse:
        """Add a remark."""
        return answer_once(request, lambda: self._add(request, document_id))

    def _add(self, request: Request, document_id: UUID) -> Response:
        given = RemarkSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        said = given.validated_data
        remark = Remark(
            section_id=said["section"],
            start=said["start"],
            end=said["end"],
            description=said["description"],
            suggestion=said["suggestion"],
            type=ItemType(said["type"]),
            risk=Risk(said["risk"]),
            points=tuple(said["points"]),
        )
        body = ItemSerializer(add_remark(caller_of(request), document_id=document_id, remark=remark)).data
        return Response(body, status=201, headers={"Location": body["_links"]["item"]})


class OneItem(CapabilityAPIView):
    """Read, reword, or remove one's own."""

    capabilities: ClassVar[dict[str, Capability]] = {name: _READ_DECIDE[name] for name in ("GET", "PATCH", "DELETE")}

    @extend_schema(operation_id="feedback_read", responses=ItemSerializer)
    def get(self, request: Request, item_id: UUID) -> Response:
        """One item."""
        return _answer(item_for(caller_of(request), item_id, need="view"))

    @extend_schema(operation_id="feedback_reword", request=RewordSerializer, responses=ItemSerializer)
    def patch(self, request: Request, item_id: UUID) -> Response:
        """Say it in other words."""
        given = RewordSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        refuse_unless_matching(request, entity_tag(item_for(caller_of(request), item_id, need="decide").revision))
        return _answer(
            decide(
                caller_of(request), item_id=item_id, verdict=Verdict.REWORDED, wording=Wording(**given.validated_data)
            )
        )

    @extend_schema(operation_id="feedback_remove", responses={204: None})
    def delete(self, request: Request, item_id: UUID) -> Response:
        """Remove a remark of one's own."""
        remove_remark(caller_of(request), item_id=item_id)
        return Response(status=204)


class _Decide(CapabilityAPIView):
    """One verdict."""

    capabilities: ClassVar[dict[str, Capability]] = {"POST": Capability.DECIDE_FEEDBACK}
    verdict: ClassVar[Verdict]

    @extend_schema(request=DecisionSerializer, responses=ItemSerializer, parameters=[IDEMPOTENCY])
    def post(self, request: Request, item_id: UUID) -> HttpResponse:
        """Decide; the same decision again is no new one."""
        return answer_once(request, lambda: self._decide(request, item_id))

    def _decide(self, request: Request, item_id: UUID) -> Response:
        given = DecisionSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        refuse_unless_matching(request, entity_tag(item_for(caller_of(request), item_id, need="decide").revision))
        return _answer(
            decide(
                caller_of(request),
                item_id=item_id,
                verdict=self.verdict,
                wording=Wording(note=given.validated_data["note"]),
            )
        )


class Accept(_Decide):
    """Accept an item."""

    verdict = Verdict.ACCEPTED


class Reject(_Decide):
    """Reject an item."""

    verdict = Verdict.REJECTED


class Revert(_Decide):
    """Take the decision back."""

    verdict = Verdict.REVERTED


class _ReviewDeed(CapabilityAPIView):
    """A deed on the whole review."""

    capabilities: ClassVar[dict[str, Capability]] = {"POST": Capability.DECIDE_FEEDBACK}

    @extend_schema(request=None, responses=OpenApiTypes.OBJECT, parameters=[IDEMPOTENCY])
    def post(self, request: Request, document_id: UUID) -> HttpResponse:
        """Do it."""
        return answer_once(request, lambda: self.deed(request, document_id))

    def deed(self, request: Request, document_id: UUID) -> Response:
        """What a child does."""
        raise NotImplementedError


class Close(_ReviewDeed):
    """Finish the review."""

    def deed(self, request: Request, document_id: UUID) -> Response:
        """Nobody can decide until it is reopened."""
        return Response({"state": close_review(caller_of(request), document_id=document_id).state})


class Reopen(_ReviewDeed):
    """Open a finished review."""

    def deed(self, request: Request, document_id: UUID) -> Response:
        """People may decide again."""
        return Response({"state": reopen_review(caller_of(request), document_id=document_id).state})


class RevertAll(_ReviewDeed):
    """Take back every decision."""

    def deed(self, request: Request, document_id: UUID) -> Response:
        """How many were taken back."""
        return Response({"reverted": revert_all(caller_of(request), document_id=document_id)})


class Exports(CapabilityAPIView):
    """Reviewed Word files."""

    capabilities: ClassVar[dict[str, Capability]] = {
        "GET": Capability.DECIDE_FEEDBACK,
        "POST": Capability.DECIDE_FEEDBACK,
    }

    @extend_schema(operation_id="exports_list", responses=ExportSerializer(many=True))
    def get(self, request: Request, document_id: UUID) -> Response:
        """The last twenty, newest first."""
        review = review_for(caller_of(request), document_id, need="view")
        return Response(ExportSerializer(review.exports.order_by("-created_at")[:20], many=True).data)

    @extend_schema(
        operation_id="exports_make", request=None, responses={201: ExportSerializer}, parameters=[IDEMPOTENCY]
    )
    def post(self, request: Request, document_id: UUID) -> HttpResponse:
        """Write the accepted items into the file."""
        return answer_once(request, lambda: self._make(request, document_id))

    def _make(self, request: Request, document_id: UUID) -> Response:
        body = ExportSerializer(make_word_file(caller_of(request), document_id=document_id)).data
        return Response(body, status=201, headers={"Location": body["_links"]["file"]})


class ExportFile(CapabilityAPIView):
    """The bytes of a file that was made."""

    capability = Capability.DECIDE_FEEDBACK

    @extend_schema(operation_id="exports_file", responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, export_id: UUID) -> StreamingHttpResponse:
        """Its bytes; the download is recorded."""
        export = export_for(caller_of(request), export_id)
        record(
            "review.downloaded",
            actor=caller_of(request),
            target=export.review.version.document_id,
            detail={"export": str(export.id)},
        )
        return attachment(export.stored_key, file_name=export.file_name, size_bytes=export.size_bytes)
