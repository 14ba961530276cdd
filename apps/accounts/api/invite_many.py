"""/api/v2/invitations/bulk"""

from typing import Any, ClassVar, TypedDict
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.api.gate import CapabilityAPIView, caller_of
from apps.accounts.capabilities import Capability, RoleName, Whose
from apps.accounts.choices import ROLE_CHOICES, LineOutcome
from apps.accounts.models import InvitationBatch
from apps.accounts.roster.reading import MOST_LINES, RosterLine
from apps.accounts.selectors import batch_for
from apps.accounts.services.invite_many import ask_for_invitations
from apps.accounts.services.plan_invitations import ListWishes, plan_invitations
from apps.kernel.http.entity_tags import answer_with_tag
from apps.kernel.http.idempotency import answer_once
from apps.kernel.http.links import link_to
from apps.kernel.http.strict_input import StrictSerializer, given
from apps.kernel.identifiers import new_id


class BulkLineSerializer(StrictSerializer):
    """One person. What is wrong with an address, a role or a team is said in the line's own result."""

    email = serializers.CharField(max_length=1000, allow_blank=True)
    name = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")
    role = serializers.CharField(max_length=100, required=False, allow_blank=True, default="")
    team = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class BulkInviteSerializer(StrictSerializer):
    """Whom to invite. With `dry_run` nothing is sent."""

    people = serializers.ListField(child=BulkLineSerializer(), min_length=1, max_length=MOST_LINES)
    usual_role = serializers.ChoiceField(choices=ROLE_CHOICES, required=False, default=RoleName.ANALYST.value)
    renew = serializers.BooleanField(
        required=False, default=False, help_text="A new link for those who are invited already."
    )
    make_teams = serializers.BooleanField(required=False, default=False, help_text="Make teams that do not exist yet.")
    dry_run = serializers.BooleanField(required=False, default=False)


class LineResultSerializer(serializers.Serializer[Any]):
    """What becomes of one line; `line` counts from one, `outcome` is stable, `message` is for people."""

    line = serializers.IntegerField()
    email = serializers.CharField()
    name = serializers.CharField(allow_blank=True)
    role = serializers.CharField(allow_blank=True)
    team = serializers.CharField(allow_blank=True)
    outcome = serializers.ChoiceField(choices=[(one.value, one.value) for one in LineOutcome])
    message = serializers.CharField()


class BatchLinksSerializer(serializers.Serializer[Any]):
    """Where the list is; null for a dry run, of which nothing is kept."""

    self = serializers.CharField(allow_null=True)


class BatchSerializer(serializers.Serializer[Any]):
    """A list of invitations: planned (dry run), in work, or done."""

    id = serializers.UUIDField(allow_null=True)
    state = serializers.ChoiceField(choices=["planned", "working", "done"])
    done_count = serializers.IntegerField()
    line_count = serializers.IntegerField()
    results = LineResultSerializer(many=True)
    _links = BatchLinksSerializer()


class BulkInvitations(CapabilityAPIView):
    """Invite many."""

    capability = Capability.MANAGE_ORGANIZATION
    tag = "invitations"

    @extend_schema(
        operation_id="invitations_bulk",
        request=BulkInviteSerializer,
        responses={200: BatchSerializer, 202: BatchSerializer},
        examples=[
            OpenApiExample(
                "Look first",
                {
                    "people": [
                        {"email": "ada@example.com", "name": "Ada Lovelace", "role": "analyst", "team": "Fraud"}
                    ],
                    "make_teams": True,
                    "dry_run": True,
                },
                request_only=True,
            )
        ],
    )
    def post(self, request: Request) -> HttpResponse:
        """Invite up to 1,000 people. Each line has its own result; lines with a fault are left out, the others are invited in the background."""
        return answer_once(request, lambda: self._invite(request))

    def _invite(self, request: Request) -> Response:
        said, caller = given(request, BulkInviteSerializer), caller_of(request)
        lines = [
            RosterLine(number, one["email"].strip(), one["name"].strip(), one["role"].strip(), one["team"].strip())
            for number, one in enumerate(said["people"], start=1)
        ]
        wishes = ListWishes(renews=said["renew"], makes_teams=said["make_teams"], usual_role=said["usual_role"])
        if said["dry_run"]:
            planned = plan_invitations(caller, lines, wishes)
            results = [
                _result(line.number, line.email, line.name, line.role, line.team, line.outcome) for line in planned
            ]
            return Response(_body(None, results, done_count=0, state="planned"))
        batch = ask_for_invitations(caller, batch_id=new_id(), lines=lines, wishes=wishes)
        body = _batch(batch)
        return Response(body, status=202, headers={"Location": str(body["_links"]["self"])})


class OneBatch(CapabilityAPIView):
    """Read."""

    capability = Capability.MANAGE_ORGANIZATION
    whose = Whose.EVERYBODYS
    tag = "invitations"
    is_tagged: ClassVar[bool] = True

    @extend_schema(operation_id="invitations_bulk_read", responses=BatchSerializer)
    def get(self, request: Request, batch_id: UUID) -> Response:
        """How far a list is, and what became of each line; kept for as long as its links live."""
        return answer_with_tag(request, _batch(batch_for(caller_of(request), batch_id)))


class _Result(TypedDict):
    line: int
    email: str
    name: str
    role: str
    team: str
    outcome: str
    message: str


def _result(number: int, email: str, name: str, role: str, team: str, outcome: LineOutcome) -> _Result:
    return {
        "line": number,
        "email": email,
        "name": name,
        "role": role,
        "team": team,
        "outcome": outcome.value,
        "message": str(outcome.label),
    }


def _batch(batch: InvitationBatch) -> dict[str, Any]:
    results = [
        _result(one["number"], one["email"], one["name"], one["role"], one["team"], LineOutcome(one["outcome"]))
        for one in batch.lines
    ]
    state = "done" if batch.is_done else "working"
    return _body(batch.pk, results, done_count=batch.done_count, state=state)


def _body(batch_id: UUID | None, results: list[_Result], *, done_count: int, state: str) -> dict[str, Any]:
    return {
        "id": None if batch_id is None else str(batch_id),
        "state": state,
        "done_count": done_count,
        "line_count": len(results),
        "results": results,
        "_links": {"self": None if batch_id is None else link_to("accounts_api:invitation_batch", batch_id)},
    }
