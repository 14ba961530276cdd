"""/api/v2/documents/<id>/feedback and /feedback/<id>"""

from typing import ClassVar
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.api.gate import CapabilityAPIView, caller_of
from apps.accounts.api.listing import CapabilityListView
from apps.accounts.capabilities import Capability, Whose
from apps.analysis.rules.port import ItemType, Risk
from apps.feedback.api.filters import ItemFilter
from apps.feedback.api.serializers import (
    DecisionSerializer,
    ItemSerializer,
    NoteSerializer,
    RemarkSerializer,
    RewordSerializer,
)
from apps.feedback.choices import Verdict
from apps.feedback.models import Item
from apps.feedback.selectors import decisions_of, item_for, shown_items_for
from apps.feedback.services.add_remark import Remark, add_remark, remove_remark
from apps.feedback.services.decide import Wording, decide
from apps.kernel.http.entity_tags import answer_with_tag, refuse_unless_matching
from apps.kernel.http.idempotency import answer_once
from apps.kernel.http.strict_input import given

_REWORDING = OpenApiExample(
    "In one's own words",
    {"description": "Say which control failed.", "suggestion": "Name the control and its owner."},
    request_only=True,
)
_REMARK = OpenApiExample(
    "On the first eleven characters of a section",
    {
        "section": "0193a1c2-0000-7000-8000-000000000002",
        "start": 0,
        "end": 11,
        "description": "How many?",
        "type": "question",
        "risk": "Low",
        "points": [3],
    },
    request_only=True,
)


def _answer(request: Request, item: Item, *, status: int = 200) -> Response:
    return answer_with_tag(request, ItemSerializer(item).data, version=item.revision, status=status)


def _decided(
    request: Request, item_id: UUID, *, verdict: Verdict, wording: Wording, is_required: bool = False
) -> Response:
    """The item with the decision; refused when If-Match names another revision, also one that is written at this very moment."""
    seen = item_for(caller_of(request), item_id, need="decide").revision
    refuse_unless_matching(request, seen, is_required=is_required)
    expected = seen if "If-Match" in request.headers else None
    item = decide(caller_of(request), item_id=item_id, verdict=verdict, wording=wording, expected_revision=expected)
    return _answer(request, item)


class Items(CapabilityListView):
    """The items of a document; add one of one's own."""

    capabilities: ClassVar[dict[str, Capability]] = {
        "GET": Capability.READ_DOCUMENTS,
        "POST": Capability.DECIDE_FEEDBACK,
    }
    whose = Whose.READABLE
    filterset = ItemFilter
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {
        "position": ("section__index", "start", "id"),
        "-created_at": ("-id",),
        "created_at": ("id",),
        "-confidence": ("-confidence", "-id"),
        "confidence": ("confidence", "id"),
    }

    @extend_schema(operation_id="feedback_list", responses=ItemSerializer(many=True))
    def get(self, request: Request, document_id: UUID) -> Response:
        """Every item of the document's review in reading order, hidden ones too; 409 `review_not_ready` before there is one."""
        return self.page(request, shown_items_for(caller_of(request), document_id), ItemSerializer)

    @extend_schema(
        operation_id="feedback_add", request=RemarkSerializer, responses={201: ItemSerializer}, examples=[_REMARK]
    )
    def post(self, request: Request, document_id: UUID) -> HttpResponse:
        """Add a remark of one's own; it is accepted from the start."""
        return answer_once(request, lambda: self._add(request, document_id))

    def _add(self, request: Request, document_id: UUID) -> Response:
        said = given(request, RemarkSerializer)
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
        response = _answer(request, add_remark(caller_of(request), document_id=document_id, remark=remark), status=201)
        response["Location"] = response.data["_links"]["self"]
        return response


class OneItem(CapabilityAPIView):
    """Read, reword, or remove one's own."""

    capabilities: ClassVar[dict[str, Capability]] = {
        "GET": Capability.READ_DOCUMENTS,
        "PATCH": Capability.DECIDE_FEEDBACK,
        "DELETE": Capability.DECIDE_FEEDBACK,
    }
    whose = Whose.READABLE
    whose_by_method: ClassVar[dict[str, Whose]] = {"DELETE": Whose.OWN_REMARK}
    is_tagged = True
    is_versioned = True

    @extend_schema(operation_id="feedback_read", responses=ItemSerializer)
    def get(self, request: Request, item_id: UUID) -> Response:
        """One item."""
        return _answer(request, item_for(caller_of(request), item_id, need="view"))

    @extend_schema(
        operation_id="feedback_change", request=RewordSerializer, responses=ItemSerializer, examples=[_REWORDING]
    )
    def patch(self, request: Request, item_id: UUID) -> Response:
        """Say it in other words, as POST …/reword/ does, but never over what you have not read."""
        wording = Wording(**given(request, RewordSerializer))
        return _decided(request, item_id, verdict=Verdict.REWORDED, wording=wording, is_required=True)

    @extend_schema(operation_id="feedback_remove", responses={204: None})
    def delete(self, request: Request, item_id: UUID) -> Response:
        """Remove a remark of one's own."""
        refuse_unless_matching(request, item_for(caller_of(request), item_id, need="decide").revision)
        remove_remark(caller_of(request), item_id=item_id)
        return Response(status=204)


class _Decide(CapabilityAPIView):
    """One verdict."""

    capabilities: ClassVar[dict[str, Capability]] = {"POST": Capability.DECIDE_FEEDBACK}
    whose = Whose.READABLE
    is_tagged = True
    is_versioned = True
    verdict: ClassVar[Verdict]

    def answer(self, request: Request, item_id: UUID) -> HttpResponse:
        """The item with the decision; the same one again is no new one."""
        return answer_once(
            request,
            lambda: _decided(
                request, item_id, verdict=self.verdict, wording=Wording(note=given(request, NoteSerializer)["note"])
            ),
        )


class Accept(_Decide):
    """Accept an item."""

    verdict = Verdict.ACCEPTED

    @extend_schema(operation_id="feedback_accept", request=NoteSerializer, responses=ItemSerializer)
    def post(self, request: Request, item_id: UUID) -> HttpResponse:
        """Accept an item: it goes into the Word file. The same decision again is no new one."""
        return self.answer(request, item_id)


class Reject(_Decide):
    """Reject an item."""

    verdict = Verdict.REJECTED

    @extend_schema(operation_id="feedback_reject", request=NoteSerializer, responses=ItemSerializer)
    def post(self, request: Request, item_id: UUID) -> HttpResponse:
        """Reject an item: it stays out of the Word file. The same decision again is no new one."""
        return self.answer(request, item_id)


class Revert(_Decide):
    """Take the decision back."""

    verdict = Verdict.REVERTED

    @extend_schema(operation_id="feedback_revert", request=NoteSerializer, responses=ItemSerializer)
    def post(self, request: Request, item_id: UUID) -> HttpResponse:
        """Take the decision back: the item is open again."""
        return self.answer(request, item_id)


class Reword(CapabilityAPIView):
    """Say it in other words."""

    capabilities: ClassVar[dict[str, Capability]] = {"POST": Capability.DECIDE_FEEDBACK}
    whose = Whose.READABLE
    is_tagged = True
    is_versioned = True

    @extend_schema(
        operation_id="feedback_reword", request=RewordSerializer, responses=ItemSerializer, examples=[_REWORDING]
    )
    def post(self, request: Request, item_id: UUID) -> HttpResponse:
        """Accept an item in one's own words; what the engine wrote is kept beside them."""
        return answer_once(
            request,
            lambda: _decided(
                request, item_id, verdict=Verdict.REWORDED, wording=Wording(**given(request, RewordSerializer))
            ),
        )


class Decisions(CapabilityListView):
    """An item's history."""

    capability = Capability.READ_DOCUMENTS
    whose = Whose.READABLE
    tag = "feedback"
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {
        "revision": ("revision", "id"),
        "-revision": ("-revision", "-id"),
    }

    @extend_schema(operation_id="feedback_decisions", responses=DecisionSerializer(many=True))
    def get(self, request: Request, item_id: UUID) -> Response:
        """Who decided what on an item, oldest first; rows are added, never changed."""
        item = item_for(caller_of(request), item_id, need="view")
        return self.page(request, decisions_of(item), DecisionSerializer)
