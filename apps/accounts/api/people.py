"""/api/v2/me, /people, /invitations"""

from typing import ClassVar
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.api.filters import PersonFilter
from apps.accounts.api.gate import CapabilityAPIView, caller_of
from apps.accounts.api.listing import CapabilityListView
from apps.accounts.api.serializers import (
    InvitationSerializer,
    InviteSerializer,
    MeSerializer,
    PersonChangeSerializer,
    PersonSerializer,
    ProfileChangeSerializer,
)
from apps.accounts.capabilities import Capability, RoleName, Whose
from apps.accounts.selectors import invitation_for, open_invitations, people_visible_to, person_for
from apps.accounts.services.change_person import change_person
from apps.accounts.services.invite import invite_person, resend_invitation, withdraw_invitation
from apps.accounts.services.update_profile import ProfileChange, update_profile
from apps.kernel.http.entity_tags import answer_with_tag
from apps.kernel.http.idempotency import answer_once
from apps.kernel.http.strict_input import given


class Me(CapabilityAPIView):
    """The caller."""

    capability = Capability.READ_DOCUMENTS
    is_tagged = True

    @extend_schema(operation_id="me_read", responses=MeSerializer)
    def get(self, request: Request) -> Response:
        """Who is calling, and what they may do here."""
        return answer_with_tag(request, MeSerializer(caller_of(request)).data)

    @extend_schema(
        operation_id="me_change",
        request=ProfileChangeSerializer,
        responses=MeSerializer,
        examples=[
            OpenApiExample(
                "Dark pages, Berlin time", {"theme": "dark", "time_zone": "Europe/Berlin"}, request_only=True
            )
        ],
    )
    def patch(self, request: Request) -> Response:
        """Change one's own name and preferences."""
        caller = caller_of(request)
        person = update_profile(caller, change=ProfileChange(**given(request, ProfileChangeSerializer)))
        person.key_scopes = caller.key_scopes
        return answer_with_tag(request, MeSerializer(person).data)


class People(CapabilityListView):
    """List and invite."""

    capability = Capability.MANAGE_ORGANIZATION
    filterset = PersonFilter
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {
        "-created_at": ("-id",),
        "created_at": ("id",),
        "name": ("name", "id"),
        "-name": ("-name", "-id"),
    }

    @extend_schema(operation_id="people_list", responses=PersonSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Everyone of the organization."""
        return self.page(request, people_visible_to(caller_of(request)), PersonSerializer)

    @extend_schema(
        operation_id="people_invite",
        request=InviteSerializer,
        responses={201: InvitationSerializer},
        examples=[
            OpenApiExample(
                "An analyst", {"email": "ada@example.com", "role": "analyst", "name": "Ada Lovelace"}, request_only=True
            )
        ],
    )
    def post(self, request: Request) -> HttpResponse:
        """Invite somebody by mail; the answer is the invitation, without its link."""
        return answer_once(request, lambda: self._invite(request))

    def _invite(self, request: Request) -> Response:
        said = given(request, InviteSerializer)
        invitation = invite_person(
            caller_of(request), email=said["email"], role=RoleName(said["role"]), name=said["name"]
        )
        body = InvitationSerializer(invitation).data
        return Response(body, status=201, headers={"Location": body["_links"]["self"]})


class OnePerson(CapabilityAPIView):
    """Read and change."""

    capability = Capability.MANAGE_ORGANIZATION
    whose = Whose.EVERYBODYS
    is_tagged = True

    @extend_schema(operation_id="people_read", responses=PersonSerializer)
    def get(self, request: Request, person_id: UUID) -> Response:
        """One person."""
        return answer_with_tag(request, PersonSerializer(person_for(caller_of(request), person_id)).data)

    @extend_schema(
        operation_id="people_change",
        request=PersonChangeSerializer,
        responses=PersonSerializer,
        examples=[OpenApiExample("Make a team lead", {"role": "team_lead"}, request_only=True)],
    )
    def patch(self, request: Request, person_id: UUID) -> Response:
        """Give another role; take access away, or give it back."""
        said = given(request, PersonChangeSerializer)
        person = change_person(
            caller_of(request),
            person_id=person_id,
            role=RoleName(said["role"]) if "role" in said else None,
            is_active=said.get("is_active"),
        )
        return answer_with_tag(request, PersonSerializer(person).data)


class Invitations(CapabilityListView):
    """Those that are open."""

    capability = Capability.MANAGE_ORGANIZATION

    @extend_schema(operation_id="invitations_list", responses=InvitationSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Invitations that can still be accepted. Inviting is POST /people/."""
        return self.page(request, open_invitations(caller_of(request)), InvitationSerializer)


class OneInvitation(CapabilityAPIView):
    """Read and withdraw."""

    capability = Capability.MANAGE_ORGANIZATION
    whose = Whose.EVERYBODYS
    is_tagged = True

    @extend_schema(operation_id="invitations_read", responses=InvitationSerializer)
    def get(self, request: Request, invitation_id: UUID) -> Response:
        """One open invitation."""
        return answer_with_tag(request, InvitationSerializer(invitation_for(caller_of(request), invitation_id)).data)

    @extend_schema(operation_id="invitations_withdraw", responses={204: None})
    def delete(self, request: Request, invitation_id: UUID) -> Response:
        """Make its link useless."""
        withdraw_invitation(caller_of(request), invitation_id=invitation_id)
        return Response(status=204)


class Resend(CapabilityAPIView):
    """Send again."""

    capability = Capability.MANAGE_ORGANIZATION
    whose = Whose.EVERYBODYS
    tag = "invitations"

    @extend_schema(operation_id="invitations_resend", request=None, responses={201: InvitationSerializer})
    def post(self, request: Request, invitation_id: UUID) -> HttpResponse:
        """A new link in the place of the old one, which is dead from now on. Also for an invitation whose link has ended."""
        return answer_once(request, lambda: self._resend(request, invitation_id))

    def _resend(self, request: Request, invitation_id: UUID) -> Response:
        body = InvitationSerializer(resend_invitation(caller_of(request), invitation_id=invitation_id)).data
        return Response(body, status=201, headers={"Location": body["_links"]["self"]})
