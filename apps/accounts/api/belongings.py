"""/api/v2/people/<id>/belongings"""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.api.gate import CapabilityAPIView, caller_of
from apps.accounts.capabilities import Capability, Whose
from apps.accounts.models import User
from apps.accounts.selectors import owned_by, person_for
from apps.accounts.services.hand_over import hand_over
from apps.kernel.http.idempotency import answer_once
from apps.kernel.http.strict_input import StrictSerializer, given


class OwnedSerializer(serializers.Serializer[Any]):
    """How many things of one kind; `can_be_handed_over` says whether a colleague can have them."""

    kind = serializers.CharField()
    count = serializers.IntegerField()
    can_be_handed_over = serializers.BooleanField()


class BelongingsSerializer(serializers.Serializer[Any]):
    """What a person owns; kinds of which there are none are left out. `moved`: how many things this request has handed over."""

    belongings = OwnedSerializer(many=True)
    moved = serializers.IntegerField()


class HeirSerializer(StrictSerializer):
    """Who takes over."""

    heir = serializers.UUIDField()


class Belongings(CapabilityAPIView):
    """Read and hand over."""

    capability = Capability.MANAGE_ORGANIZATION
    whose = Whose.EVERYBODYS
    tag = "people"

    @extend_schema(operation_id="people_belongings", responses=BelongingsSerializer)
    def get(self, request: Request, person_id: UUID) -> Response:
        """What a person owns here, active or not."""
        caller = caller_of(request)
        return Response(_body(caller, person_for(caller, person_id), moved=0))

    @extend_schema(
        operation_id="people_hand_over",
        request=HeirSerializer,
        responses={200: BelongingsSerializer},
        examples=[
            OpenApiExample("To a colleague", {"heir": "0190c000-0000-7000-8000-000000000003"}, request_only=True)
        ],
    )
    def post(self, request: Request, person_id: UUID) -> HttpResponse:
        """Give it all to a colleague, or nothing of it: each document must be one that the colleague may work on already."""
        return answer_once(request, lambda: self._hand_over(request, person_id))

    def _hand_over(self, request: Request, person_id: UUID) -> Response:
        caller = caller_of(request)
        person = person_for(caller, person_id)
        moved = hand_over(caller, person_id=person_id, heir_id=given(request, HeirSerializer)["heir"])
        return Response(_body(caller, person, moved=sum(moved.values())))


def _body(caller: User, person: User, *, moved: int) -> dict[str, Any]:
    belongings = [
        {"kind": one.kind.name, "count": one.count, "can_be_handed_over": one.kind.hand_over is not None}
        for one in owned_by(caller, person)
    ]
    return {"belongings": belongings, "moved": moved}
