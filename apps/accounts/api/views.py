"""/api/v2/me, /people, /invitations, /api-keys"""

from typing import cast
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.api.filters import PersonFilter
from apps.accounts.api.gate import CapabilityAPIView, caller_of
from apps.accounts.api.serializers import (
    ApiKeySerializer,
    InvitationSerializer,
    InviteSerializer,
    IssuedKeySerializer,
    MeSerializer,
    NewApiKeySerializer,
    PersonChangeSerializer,
    PersonSerializer,
    ProfileChangeSerializer,
)
from apps.accounts.capabilities import Capability, RoleName
from apps.accounts.models import User
from apps.accounts.selectors import api_keys_of, open_invitations, people_visible_to, person_for
from apps.accounts.services.change_person import change_person
from apps.accounts.services.invite import invite_person, withdraw_invitation
from apps.accounts.services.issue_api_key import issue_api_key
from apps.accounts.services.revoke_api_key import revoke_api_key
from apps.accounts.services.update_profile import ProfileChange, update_profile
from apps.kernel.http.idempotency import answer_once
from apps.kernel.http.pagination import CursorPages
from apps.kernel.tenancy.context import current_tenant

IDEMPOTENCY = OpenApiParameter(
    "Idempotency-Key", OpenApiTypes.STR, OpenApiParameter.HEADER, description="Same key, same answer, one effect."
)
_PAGING = [OpenApiParameter(name, OpenApiTypes.STR) for name in ("cursor", "limit")]


class Me(CapabilityAPIView):
    """The caller."""

    capability = Capability.READ_DOCUMENTS

    @extend_schema(operation_id="me_read", responses=MeSerializer)
    def get(self, request: Request) -> Response:
        """Who is calling, and what they may do here."""
        return Response(MeSerializer(caller_of(request), context={"tenant": current_tenant()}).data)

    @extend_schema(operation_id="me_change", request=ProfileChangeSerializer, responses=MeSerializer)
    def patch(self, request: Request) -> Response:
        """Change one's own name and preferences."""
        given = ProfileChangeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        caller = caller_of(request)
        person = update_profile(caller, change=ProfileChange(**given.validated_data))
        person.key_scopes = caller.key_scopes
        return Response(MeSerializer(person, context={"tenant": current_tenant()}).data)


class People(CapabilityAPIView):
    """List and invite."""

    capability = Capability.MANAGE_ORGANIZATION

    @extend_schema(
        operation_id="people_list",
        responses=PersonSerializer(many=True),
        parameters=[*(OpenApiParameter(name, OpenApiTypes.STR) for name in ("name", "role", "is_active")), *_PAGING],
    )
    def get(self, request: Request) -> Response:
        """Newest first."""
        found = PersonFilter(request.query_params, queryset=people_visible_to(caller_of(request)), request=request)
        pages, people = CursorPages(), cast("QuerySet[User]", found.qs)
        page = pages.paginate_queryset(people, request, view=self)
        return pages.get_paginated_response(PersonSerializer(page, many=True).data)

    @extend_schema(
        operation_id="people_invite",
        request=InviteSerializer,
        responses={201: InvitationSerializer},
        parameters=[IDEMPOTENCY],
    )
    def post(self, request: Request) -> HttpResponse:
        """Invite somebody by mail; the answer is the invitation, without its link."""
        return answer_once(request, lambda: self._invite(request))

    def _invite(self, request: Request) -> Response:
        given = InviteSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        invitation = invite_person(
            caller_of(request), email=values["email"], role=RoleName(values["role"]), name=values["name"]
        )
        return Response(InvitationSerializer(invitation).data, status=201)


class OnePerson(CapabilityAPIView):
    """Read and change."""

    capability = Capability.MANAGE_ORGANIZATION

    @extend_schema(operation_id="people_read", responses=PersonSerializer)
    def get(self, request: Request, person_id: UUID) -> Response:
        """One person."""
        return Response(PersonSerializer(person_for(caller_of(request), person_id)).data)

    @extend_schema(operation_id="people_change", request=PersonChangeSerializer, responses=PersonSerializer)
    def patch(self, request: Request, person_id: UUID) -> Response:
        """Give another role; take access away, or give it back."""
        given = PersonChangeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        role = given.validated_data.get("role")
        person = change_person(
            caller_of(request),
            person_id=person_id,
            role=RoleName(role) if role else None,
            is_active=given.validated_data.get("is_active"),
        )
        return Response(PersonSerializer(person).data)


class Invitations(CapabilityAPIView):
    """Those that are open."""

    capability = Capability.MANAGE_ORGANIZATION

    @extend_schema(operation_id="invitations_list", responses=InvitationSerializer(many=True), parameters=_PAGING)
    def get(self, request: Request) -> Response:
        """Newest first."""
        pages = CursorPages()
        page = pages.paginate_queryset(open_invitations(caller_of(request)), request, view=self)
        return pages.get_paginated_response(InvitationSerializer(page, many=True).data)


class OneInvitation(CapabilityAPIView):
    """Withdraw."""

    capability = Capability.MANAGE_ORGANIZATION

    @extend_schema(operation_id="invitations_withdraw", responses={204: None})
    def delete(self, request: Request, invitation_id: UUID) -> Response:
        """Make its link useless."""
        withdraw_invitation(caller_of(request), invitation_id=invitation_id)
        return Response(status=204)


class ApiKeys(CapabilityAPIView):
    """The caller's own keys."""

    capability = Capability.READ_DOCUMENTS

    @extend_schema(operation_id="api_keys_list", responses=ApiKeySerializer(many=True), parameters=_PAGING)
    def get(self, request: Request) -> Response:
        """Newest first; revoked ones are left out."""
        pages = CursorPages()
        page = pages.paginate_queryset(api_keys_of(caller_of(request)), request, view=self)
        return pages.get_paginated_response(ApiKeySerializer(page, many=True).data)

    @extend_schema(operation_id="api_keys_create", request=NewApiKeySerializer, responses={201: IssuedKeySerializer})
    def post(self, request: Request) -> Response:
        """Make one; only a signed-in person may. No Idempotency-Key here: a kept answer would keep the key."""
        given = NewApiKeySerializer(data=request.data)
        given.is_valid(raise_exception=True)
        values = given.validated_data
        scopes = [Capability(scope) for scope in values["scopes"]]
        issued = issue_api_key(caller_of(request), name=values["name"], scopes=scopes, life_days=values["life_days"])
        return Response(IssuedKeySerializer(issued.key, context={"token": issued.token}).data, status=201)


class OneApiKey(CapabilityAPIView):
    """Revoke."""

    capability = Capability.READ_DOCUMENTS

    @extend_schema(operation_id="api_keys_revoke", responses={204: None})
    def delete(self, request: Request, key_id: UUID) -> Response:
        """From then on the key is unknown. Administrators may revoke everybody's."""
        revoke_api_key(caller_of(request), key_id=key_id)
        return Response(status=204)
