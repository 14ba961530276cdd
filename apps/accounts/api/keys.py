"""/api/v2/api-keys"""

from typing import ClassVar
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.api.gate import CapabilityAPIView, caller_of
from apps.accounts.api.listing import CapabilityListView
from apps.accounts.api.serializers import (
    ApiKeySerializer,
    IssuedKeySerializer,
    NewApiKeySerializer,
    OwnedKeySerializer,
    RotateKeySerializer,
)
from apps.accounts.capabilities import Capability, Whose
from apps.accounts.second_factor.session_notes import require_fresh
from apps.accounts.selectors import api_keys_of, every_api_key, key_in_care_of
from apps.accounts.services.issue_api_key import IssuedKey, issue_api_key
from apps.accounts.services.revoke_api_key import revoke_api_key
from apps.accounts.services.rotate_api_key import rotate_api_key
from apps.kernel.http.entity_tags import answer_with_tag
from apps.kernel.http.idempotency import answer_once
from apps.kernel.http.strict_input import given


class ApiKeys(CapabilityListView):
    """The caller's own keys."""

    capability = Capability.READ_DOCUMENTS
    persons_only = frozenset({"POST"})
    fresh_for = frozenset({"POST"})
    tag = "api keys"

    @extend_schema(operation_id="api_keys_list", responses=ApiKeySerializer(many=True))
    def get(self, request: Request) -> Response:
        """One's own keys; revoked ones are left out, expired ones are shown."""
        return self.page(request, api_keys_of(caller_of(request)), ApiKeySerializer)

    @extend_schema(
        operation_id="api_keys_create",
        request=NewApiKeySerializer,
        responses={201: IssuedKeySerializer},
        examples=[
            OpenApiExample(
                "A nightly import",
                {"name": "Nightly import", "scopes": ["read_documents", "upload_documents"], "life_days": 90},
                request_only=True,
            )
        ],
    )
    def post(self, request: Request) -> HttpResponse:
        """Make a key; only a signed-in person may, who has proven who they are within ten minutes. `key` is in this answer and nowhere else."""
        return answer_once(request, lambda: self._issue(request))

    def _issue(self, request: Request) -> Response:
        caller = caller_of(request)
        if caller.key_scopes is None:
            require_fresh(request.session)
        said = given(request, NewApiKeySerializer)
        scopes = [Capability(scope) for scope in said["scopes"]]
        issued = issue_api_key(caller, name=said["name"], scopes=scopes, life_days=said["life_days"])
        return answer_with_key(issued)


class OneApiKey(CapabilityAPIView):
    """Read and revoke."""

    capability = Capability.READ_DOCUMENTS
    whose = Whose.OWN
    whose_by_method: ClassVar[dict[str, Whose]] = {"DELETE": Whose.OWN_OR_MANAGED}
    tag = "api keys"
    is_tagged = True

    @extend_schema(operation_id="api_keys_read", responses=ApiKeySerializer)
    def get(self, request: Request, key_id: UUID) -> Response:
        """One of one's own keys, or of a service account's for administrators, without the key itself."""
        return answer_with_tag(request, ApiKeySerializer(key_in_care_of(caller_of(request), key_id)).data)

    @extend_schema(operation_id="api_keys_revoke", responses={204: None})
    def delete(self, request: Request, key_id: UUID) -> Response:
        """From then on the key is unknown. Administrators may revoke everybody's."""
        revoke_api_key(caller_of(request), key_id=key_id)
        return Response(status=204)


class RotateApiKey(CapabilityAPIView):
    """Renew."""

    capability = Capability.READ_DOCUMENTS
    whose = Whose.OWN
    fresh_for = frozenset({"POST"})
    persons_only = frozenset({"POST"})
    tag = "api keys"

    @extend_schema(operation_id="api_keys_rotate", request=RotateKeySerializer, responses={201: IssuedKeySerializer})
    def post(self, request: Request, key_id: UUID) -> HttpResponse:
        """A new secret for the same key; the one of before goes on for `overlap_days`. Only a signed-in person may, freshly confirmed."""
        return answer_once(request, lambda: self._rotate(request, key_id))

    def _rotate(self, request: Request, key_id: UUID) -> Response:
        caller = caller_of(request)
        if caller.key_scopes is None:
            require_fresh(request.session)
        said = given(request, RotateKeySerializer)
        return answer_with_key(rotate_api_key(caller, key_id=key_id, **said))


class EveryApiKey(CapabilityListView):
    """The keys of the whole organization."""

    capability = Capability.MANAGE_ORGANIZATION
    tag = "api keys"

    @extend_schema(operation_id="organization_api_keys_list", responses=OwnedKeySerializer(many=True))
    def get(self, request: Request) -> Response:
        """Every key of people and service accounts that is not revoked: whose it is, what it may do, when and from where it was used."""
        return self.page(request, every_api_key(caller_of(request)), OwnedKeySerializer)


def answer_with_key(issued: IssuedKey) -> Response:
    """201 with the new secret, which is in this answer and nowhere else."""
    body = IssuedKeySerializer(issued.key, context={"token": issued.token}).data
    return Response(body, status=201, headers={"Location": body["_links"]["self"], "Cache-Control": "no-store"})
