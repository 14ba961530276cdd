"""/api/v2/teams, /api/v2/memberships"""

from typing import Any, ClassVar, TypedDict
from uuid import UUID

import django_filters
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.api.gate import CapabilityAPIView, caller_of
from apps.accounts.api.listing import CapabilityListView
from apps.accounts.api.serializers import Links
from apps.accounts.capabilities import Capability, Whose
from apps.accounts.models import Membership, Team
from apps.accounts.services.teams import add_member, make_team, remove_member, remove_team, rename_team
from apps.accounts.team_selectors import members_of, membership_for, team_for, teams_for
from apps.kernel.http.entity_tags import answer_with_tag
from apps.kernel.http.idempotency import answer_once
from apps.kernel.http.links import link_to
from apps.kernel.http.shown import ShownSerializer
from apps.kernel.http.strict_input import StrictSerializer, given


class TeamLinks(Links):
    """Where the team and its people are."""

    members: str


class TeamSerializer(ShownSerializer[Team]):
    """One team."""

    member_count = serializers.IntegerField(read_only=True)
    _links = serializers.SerializerMethodField()

    class Meta:
        model = Team
        fields: ClassVar[list[str]] = ["id", "name", "member_count", "created_at", "_links"]
        read_only_fields = fields

    def get__links(self, team: Team) -> TeamLinks:
        """Where this team and its people are."""
        return {
            "self": link_to("accounts_api:team", team.pk),
            "members": link_to("accounts_api:team_members", team.pk),
        }


class TeamChangeSerializer(StrictSerializer):
    """A team's name."""

    name = serializers.CharField(max_length=100)


class NewMemberSerializer(StrictSerializer):
    """Who comes in."""

    person = serializers.UUIDField()


class MemberShape(TypedDict):
    """The person of a membership."""

    id: str
    name: str
    email: str


class MembershipSerializer(ShownSerializer[Membership]):
    """One person in one team."""

    person = serializers.SerializerMethodField()
    _links = serializers.SerializerMethodField()

    class Meta:
        model = Membership
        fields: ClassVar[list[str]] = ["id", "person", "created_at", "_links"]
        read_only_fields = fields

    def get_person(self, membership: Membership) -> MemberShape:
        """Who it is."""
        person = membership.user
        return {"id": str(person.pk), "name": person.name, "email": person.email}

    def get__links(self, membership: Membership) -> Links:
        """Where this membership is."""
        return {"self": link_to("accounts_api:membership", membership.pk)}


class TeamFilter(django_filters.FilterSet):  # type: ignore[misc]
    """?name="""

    name = django_filters.CharFilter(lookup_expr="icontains", max_length=100, help_text="Part of the name.")

    class Meta:
        model = Team
        fields: list[str] = []


class Teams(CapabilityListView):
    """List and make."""

    capability = Capability.MANAGE_ORGANIZATION
    filterset = TeamFilter
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {"name": ("name", "id"), "-created_at": ("-id",)}

    @extend_schema(operation_id="teams_list", responses=TeamSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Every team of the organization."""
        return self.page(request, teams_for(caller_of(request)), TeamSerializer)

    @extend_schema(
        operation_id="teams_create",
        request=TeamChangeSerializer,
        responses={201: TeamSerializer},
        examples=[OpenApiExample("A team", {"name": "Fraud"}, request_only=True)],
    )
    def post(self, request: Request) -> HttpResponse:
        """Make an empty team."""
        return answer_once(request, lambda: self._make(request))

    def _make(self, request: Request) -> Response:
        caller = caller_of(request)
        team = make_team(caller, name=given(request, TeamChangeSerializer)["name"])
        body = TeamSerializer(team_for(caller, team.pk)).data
        return Response(body, status=201, headers={"Location": body["_links"]["self"]})


class OneTeam(CapabilityAPIView):
    """Read, rename, remove."""

    capability = Capability.MANAGE_ORGANIZATION
    whose = Whose.EVERYBODYS
    tag = "teams"
    is_tagged = True

    @extend_schema(operation_id="teams_read", responses=TeamSerializer)
    def get(self, request: Request, team_id: UUID) -> Response:
        """One team."""
        return answer_with_tag(request, TeamSerializer(team_for(caller_of(request), team_id)).data)

    @extend_schema(
        operation_id="teams_change",
        request=TeamChangeSerializer,
        responses=TeamSerializer,
        examples=[OpenApiExample("Rename", {"name": "Fraud and abuse"}, request_only=True)],
    )
    def patch(self, request: Request, team_id: UUID) -> Response:
        """Rename it."""
        caller = caller_of(request)
        team_for(caller, team_id)
        rename_team(caller, team_id=team_id, name=given(request, TeamChangeSerializer)["name"])
        return answer_with_tag(request, TeamSerializer(team_for(caller, team_id)).data)

    @extend_schema(operation_id="teams_remove", responses={204: None})
    def delete(self, request: Request, team_id: UUID) -> Response:
        """Remove it; its people stay."""
        remove_team(caller_of(request), team_id=team_id)
        return Response(status=204)


class Members(CapabilityListView):
    """List and add."""

    capability = Capability.MANAGE_ORGANIZATION
    whose = Whose.EVERYBODYS
    tag = "teams"

    @extend_schema(operation_id="teams_members", responses=MembershipSerializer(many=True))
    def get(self, request: Request, team_id: UUID) -> Response:
        """Who is in the team."""
        return self.page(request, members_of(caller_of(request), team_id=team_id), MembershipSerializer)

    @extend_schema(
        operation_id="teams_members_add",
        request=NewMemberSerializer,
        responses={201: MembershipSerializer},
        examples=[OpenApiExample("A person", {"person": "0190c000-0000-7000-8000-000000000003"}, request_only=True)],
    )
    def post(self, request: Request, team_id: UUID) -> HttpResponse:
        """Put somebody in; who is in the team already stays in it."""
        return answer_once(request, lambda: self._add(request, team_id))

    def _add(self, request: Request, team_id: UUID) -> Response:
        caller = caller_of(request)
        team_for(caller, team_id)
        made = add_member(caller, team_id=team_id, person_id=given(request, NewMemberSerializer)["person"])
        body: Any = MembershipSerializer(membership_for(caller, made.pk)).data
        return Response(body, status=201, headers={"Location": body["_links"]["self"]})


class OneMembership(CapabilityAPIView):
    """Read and remove."""

    capability = Capability.MANAGE_ORGANIZATION
    whose = Whose.EVERYBODYS
    tag = "teams"
    is_tagged = True

    @extend_schema(operation_id="memberships_read", responses=MembershipSerializer)
    def get(self, request: Request, membership_id: UUID) -> Response:
        """One person in one team."""
        return answer_with_tag(request, MembershipSerializer(membership_for(caller_of(request), membership_id)).data)

    @extend_schema(operation_id="memberships_remove", responses={204: None})
    def delete(self, request: Request, membership_id: UUID) -> Response:
        """Take them out of the team."""
        remove_member(caller_of(request), membership_id=membership_id)
        return Response(status=204)
