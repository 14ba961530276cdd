"""/api/v2/tokens"""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.api.gate import CapabilityGate, caller_of
from apps.accounts.capabilities import Capability
from apps.accounts.models import TokenFamily, User
from apps.accounts.models.browser_session import session_id_of
from apps.accounts.policies import require
from apps.accounts.second_factor.session_notes import require_fresh
from apps.accounts.services.tokens import (
    TokenPair,
    device_of,
    issue_tokens,
    person_by_password,
    refresh_tokens,
    revoke_families,
    revoke_family,
)
from apps.kernel.audit.request_context import request_context
from apps.kernel.http.protocol_errors import NotSignedInError
from apps.kernel.http.strict_input import StrictSerializer, given


class NewTokensSerializer(StrictSerializer):
    """Nothing for the person of the session; else an address and a password, where a password is all that is asked."""

    email = serializers.CharField(max_length=254, required=False)
    password = serializers.CharField(max_length=1000, required=False, trim_whitespace=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Both or none."""
        if len(attrs) == 1:
            missing = "password" if "email" in attrs else "email"
            raise serializers.ValidationError({missing: "required"})
        return attrs


class RefreshSerializer(StrictSerializer):
    """The newest refresh token."""

    refresh = serializers.CharField(max_length=4000)


class TokenPairSerializer(serializers.Serializer[TokenPair]):
    """Both tokens; they are in this answer and nowhere else."""

    access = serializers.CharField(help_text="For `Authorization: Bearer …`, a quarter of an hour long.")
    refresh = serializers.CharField(help_text="Good once, for new tokens, within seven days.")
    access_expires_at = serializers.DateTimeField()
    refresh_expires_at = serializers.DateTimeField()


class Tokens(CapabilityGate):
    """Issue and revoke."""

    capability = Capability.READ_DOCUMENTS
    permission_classes = [AllowAny]
    tag = "tokens"
    keeps_answers = False

    @extend_schema(
        operation_id="tokens_issue",
        request=NewTokensSerializer,
        responses={201: TokenPairSerializer},
        examples=[
            OpenApiExample("By password", {"email": "ada@example.com", "password": "…"}, request_only=True),
            OpenApiExample("For the session's person", {}, request_only=True),
        ],
    )
    def post(self, request: Request) -> Response:
        """Tokens for a program that acts for a person: for the person of the session, freshly confirmed, or by address and password.

        An API key has no tokens to give, and neither has a token. Whose account asks for a second factor signs in with a browser.
        """
        said = given(request, NewTokensSerializer)
        person, session_id = self._person(request, said)
        require(person, self.capability)
        pair = issue_tokens(person, device=_device(request), session_id=session_id)
        return Response(TokenPairSerializer(pair).data, status=201, headers={"Cache-Control": "no-store"})

    @extend_schema(operation_id="tokens_revoke", responses={204: None})
    def delete(self, request: Request) -> Response:
        """With an access token: it and all that descend from the same sign-in. With the session: every token of its person."""
        if not request.user.is_authenticated:
            raise NotSignedInError
        if isinstance(request.auth, TokenFamily):
            revoke_family(caller_of(request), family_id=request.auth.pk)
        else:
            revoke_families(caller_of(request))
        return Response(status=204)

    def _person(self, request: Request, said: dict[str, Any]) -> tuple[User, Any]:
        if said:
            address = request_context().ip or ""
            return person_by_password(said["email"], password=said["password"], address=address), None
        if not request.user.is_authenticated:
            raise NotSignedInError
        person = caller_of(request)
        if person.key_scopes is None:
            require_fresh(request.session)
        key = request.session.session_key
        return person, session_id_of(key) if key else None


class Refresh(CapabilityGate):
    """The next tokens."""

    capability = Capability.READ_DOCUMENTS
    # The token says who calls; whatever else comes with it is not looked at.
    authentication_classes = []
    permission_classes = [AllowAny]
    tag = "tokens"
    keeps_answers = False

    @extend_schema(operation_id="tokens_refresh", request=RefreshSerializer, responses={200: TokenPairSerializer})
    def post(self, request: Request) -> Response:
        """New tokens for a refresh token, which is good once. One that comes back revokes all that descend from the same sign-in."""
        pair = refresh_tokens(given(request, RefreshSerializer)["refresh"], device=_device(request))
        return Response(TokenPairSerializer(pair).data, headers={"Cache-Control": "no-store"})


def _device(request: Request) -> str:
    return device_of(request.headers.get("User-Agent", ""), request_context().ip or "")
