"""/api/v2/tokens"""

from typing import Any, ClassVar
from uuid import UUID

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.api.gate import CapabilityAPIView, CapabilityGate, caller_of
from apps.accounts.api.listing import CapabilityListView
from apps.accounts.api.serializers import Links
from apps.accounts.capabilities import Capability, OpenedBy, Whose
from apps.accounts.models import TokenFamily, User
from apps.accounts.models.browser_session import session_id_of
from apps.accounts.policies import require
from apps.accounts.second_factor.session_notes import require_fresh
from apps.accounts.selectors import token_families_of
from apps.accounts.services.tokens import (
    LONGEST_PROGRAM,
    Device,
    TokenPair,
    device_of,
    end_family,
    end_programs_of,
    issue_tokens,
    person_by_password,
    refresh_tokens,
    revoke_families,
    revoke_family,
)
from apps.kernel.audit.request_context import request_context
from apps.kernel.http.links import link_to
from apps.kernel.http.protocol_errors import NotSignedInError
from apps.kernel.http.shown import ShownSerializer
from apps.kernel.http.strict_input import StrictSerializer, given


class NewTokensSerializer(StrictSerializer):
    """Nothing for the person of the session; else an address and a password, where a password is all that is asked."""

    email = serializers.CharField(max_length=254, required=False)
    password = serializers.CharField(max_length=1000, required=False, trim_whitespace=False)
    program = serializers.CharField(
        max_length=LONGEST_PROGRAM, required=False, help_text="What the person will read in their list of programs."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Both or none."""
        if ("email" in attrs) != ("password" in attrs):
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


class TokenFamilySerializer(ShownSerializer[TokenFamily]):
    """A program that is signed in as the caller."""

    is_current = serializers.SerializerMethodField(
        help_text="Whether the session that asks has asked for these tokens."
    )
    _links = serializers.SerializerMethodField()

    class Meta:
        model = TokenFamily
        fields: ClassVar[list[str]] = [
            "id",
            "program",
            "last_used_at",
            "last_network",
            "expires_at",
            "created_at",
            "is_current",
            "_links",
        ]
        read_only_fields = fields

    def get_is_current(self, family: TokenFamily) -> bool:
        """Whether its tokens end with the session that asks."""
        return family.session_id is not None and family.session_id == self.context.get("session_id")

    def get__links(self, family: TokenFamily) -> Links:
        """Where it is ended."""
        return {"self": link_to("accounts_api:token_family", family.pk)}


class Tokens(CapabilityListView):
    """List, issue and revoke."""

    capability = Capability.READ_DOCUMENTS
    fresh_for = frozenset({"POST"})
    not_by_key = frozenset({"DELETE"})
    persons_only = frozenset({"GET", "POST"})
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {"-last_used_at": ("-last_used_at", "-id")}
    tag = "tokens"
    keeps_answers = False

    def get_permissions(self) -> Any:
        """Whoever has a password, or wants to end what they show, is let in without a session; lists are for signed-in people."""
        return super().get_permissions() if self.request.method == "GET" else [AllowAny()]

    @extend_schema(operation_id="tokens_list", responses=TokenFamilySerializer(many=True))
    def get(self, request: Request) -> Response:
        """The programs that are signed in as the caller; only a signed-in person may ask."""
        families = token_families_of(caller_of(request))
        return self.page(request, families, TokenFamilySerializer, {"session_id": _session_id(request)})

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
        require(person, Capability.READ_DOCUMENTS)
        device = _device(request, said.get("program", ""))
        pair = issue_tokens(person, device=device, session_id=session_id)
        return Response(TokenPairSerializer(pair).data, status=201, headers={"Cache-Control": "no-store"})

    @extend_schema(operation_id="tokens_revoke", responses={204: None})
    def delete(self, request: Request) -> Response:
        """With an access token: it and all that descend from the same sign-in. With the session: every token of its person."""
        if not request.user.is_authenticated:
            raise NotSignedInError
        require(caller_of(request), self.capability)
        if isinstance(request.auth, TokenFamily):
            revoke_family(caller_of(request), family_id=request.auth.pk)
        else:
            revoke_families(caller_of(request))
        return Response(status=204)

    def _person(self, request: Request, said: dict[str, Any]) -> tuple[User, Any]:
        if "email" in said:
            address = request_context().ip or ""
            return person_by_password(said["email"], password=said["password"], address=address), None
        if not request.user.is_authenticated:
            raise NotSignedInError
        person = caller_of(request)
        if person.key_scopes is None:
            require_fresh(request.session)
        return person, _session_id(request)


class Refresh(CapabilityGate):
    """The next tokens."""

    capability = Capability.READ_DOCUMENTS
    opened_by = OpenedBy.TOKEN_IN_BODY
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


class OneFamily(CapabilityAPIView):
    """End one."""

    capability = Capability.READ_DOCUMENTS
    whose = Whose.OWN
    persons_only = frozenset({"DELETE"})
    tag = "tokens"

    @extend_schema(operation_id="tokens_end", responses={204: None})
    def delete(self, request: Request, family_id: UUID) -> Response:
        """Sign one of one's own programs out: its tokens are good for nothing from now on. Only a signed-in person may."""
        end_family(caller_of(request), family_id=family_id)
        return Response(status=204)


class TokensOfPerson(CapabilityAPIView):
    """All of one person, for administrators."""

    capability = Capability.MANAGE_ORGANIZATION
    whose = Whose.EVERYBODYS
    tag = "tokens"

    @extend_schema(operation_id="people_tokens_end", responses={204: None})
    def delete(self, request: Request, person_id: UUID) -> Response:
        """Sign the programs of this person out; their browsers stay signed in."""
        end_programs_of(caller_of(request), person_id=person_id)
        return Response(status=204)


def _session_id(request: Request) -> UUID | None:
    key = request.session.session_key
    return session_id_of(key) if key else None


def _device(request: Request, program: str = "") -> Device:
    return device_of(request.headers.get("User-Agent", ""), request_context().ip or "", program=program)
