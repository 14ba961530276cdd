"""/api/v2/documents/<id>/review"""

from typing import ClassVar
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.api.gate import CapabilityAPIView, caller_of
from apps.accounts.capabilities import Capability, Whose
from apps.feedback.api.serializers import (
    PreviewSerializer,
    RestoredSerializer,
    RevertedSerializer,
    ReviewSerializer,
    UndoSerializer,
)
from apps.feedback.selectors import preview_of, review_for
from apps.feedback.services.close_review import close_review, reopen_review
from apps.feedback.services.revert_all import revert_all, undo_revert_all
from apps.kernel.http.entity_tags import answer_with_tag
from apps.kernel.http.idempotency import answer_once
from apps.kernel.http.strict_input import given


class OneReview(CapabilityAPIView):
    """Read."""

    capability = Capability.READ_DOCUMENTS
    whose = Whose.READABLE
    is_tagged = True

    @extend_schema(operation_id="review_read", responses=ReviewSerializer)
    def get(self, request: Request, document_id: UUID) -> Response:
        """How far the review is; 409 `review_not_ready` before there are items."""
        review = review_for(caller_of(request), document_id, need="view")
        return answer_with_tag(request, ReviewSerializer(review).data)


class Preview(CapabilityAPIView):
    """What would be written."""

    capability = Capability.READ_DOCUMENTS
    whose = Whose.READABLE
    is_tagged = True

    @extend_schema(operation_id="review_preview", responses=PreviewSerializer)
    def get(self, request: Request, document_id: UUID) -> Response:
        """What the Word file would hold if it were made now."""
        review = review_for(caller_of(request), document_id, need="view")
        return answer_with_tag(request, PreviewSerializer(preview_of(review)).data)


class _ReviewDeed(CapabilityAPIView):
    """A deed on the whole review."""

    capabilities: ClassVar[dict[str, Capability]] = {"POST": Capability.DECIDE_FEEDBACK}
    whose = Whose.READABLE


class Close(_ReviewDeed):
    """Finish the review."""

    @extend_schema(operation_id="review_close", request=None, responses=ReviewSerializer)
    def post(self, request: Request, document_id: UUID) -> HttpResponse:
        """Finish the review: nobody decides until it is reopened. Finishing twice is finishing once."""
        return answer_once(request, lambda: self._close(request, document_id))

    def _close(self, request: Request, document_id: UUID) -> Response:
        return Response(ReviewSerializer(close_review(caller_of(request), document_id=document_id)).data)


class Reopen(_ReviewDeed):
    """Open a finished review."""

    @extend_schema(operation_id="review_reopen", request=None, responses=ReviewSerializer)
    def post(self, request: Request, document_id: UUID) -> HttpResponse:
        """Open a finished review: people may decide again."""
        return answer_once(request, lambda: self._reopen(request, document_id))

    def _reopen(self, request: Request, document_id: UUID) -> Response:
        return Response(ReviewSerializer(reopen_review(caller_of(request), document_id=document_id)).data)


class RevertAll(_ReviewDeed):
    """Take back every decision."""

    @extend_schema(operation_id="review_revert_all", request=None, responses=RevertedSerializer)
    def post(self, request: Request, document_id: UUID) -> HttpResponse:
        """Take back every decision of the review; own remarks stay. `reverted_at` is what undoing it asks for."""
        return answer_once(request, lambda: self._revert(request, document_id))

    def _revert(self, request: Request, document_id: UUID) -> Response:
        taken_back = revert_all(caller_of(request), document_id=document_id)
        return Response(RevertedSerializer({"reverted": taken_back.count, "reverted_at": taken_back.at}).data)


class UndoRevertAll(_ReviewDeed):
    """Put the decisions back."""

    @extend_schema(operation_id="review_undo_revert_all", request=UndoSerializer, responses=RestoredSerializer)
    def post(self, request: Request, document_id: UUID) -> HttpResponse:
        """Put back, as new decisions, what the caller took back at `reverted_at`; items decided on since are left alone and counted."""
        return answer_once(request, lambda: self._undo(request, document_id))

    def _undo(self, request: Request, document_id: UUID) -> Response:
        at = given(request, UndoSerializer)["reverted_at"]
        put_back = undo_revert_all(caller_of(request), document_id=document_id, at=at)
        return Response({"restored": put_back.count, "left": put_back.left_count})
