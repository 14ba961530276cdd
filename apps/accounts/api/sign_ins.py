"""/api/v2/sign-ins, /api/v2/stopped-sign-ins"""

from typing import ClassVar, TypedDict
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.api.gate import CapabilityAPIView, caller_of
from apps.accounts.api.listing import CapabilityListView
from apps.accounts.api.serializers import Links
from apps.accounts.capabilities import Capability, Whose
from apps.accounts.models import JudgedSignIn
from apps.accounts.models.browser_session import session_id_of
from apps.accounts.second_factor.session_notes import require_fresh
from apps.accounts.services.look_at_sign_ins import disown_sign_in, let_in_once
from apps.accounts.sign_ins import own_sign_ins, stopped_sign_ins
from apps.kernel.http.links import link_to

_ORDERINGS: dict[str, tuple[str, ...]] = {"-at": ("-at", "-id")}


class ReasonShape(TypedDict):
    """One sign of risk."""

    signal: str
    weight: float


class SignInSerializer(serializers.ModelSerializer[JudgedSignIn]):
    """One of the caller's own sign-ins. What it weighed is the administrators' to know."""

    was_stopped = serializers.BooleanField(read_only=True, help_text="Whether it was refused for its risk.")
    _links = serializers.SerializerMethodField()

    class Meta:
        model = JudgedSignIn
        fields: ClassVar[list[str]] = [
            "id",
            "at",
            "device",
            "address",
            "country",
            "way",
            "was_stopped",
            "came_in_at",
            "disowned_at",
            "_links",
        ]
        read_only_fields = fields

    def get__links(self, sign_in: JudgedSignIn) -> Links:
        """Where it is said that this was somebody else."""
        return {"self": link_to("accounts_api:disown_sign_in", sign_in.pk)}


class StoppedSignInSerializer(serializers.ModelSerializer[JudgedSignIn]):
    """One sign-in that was stopped, or would have been if the organization enforced risk."""

    person_id = serializers.UUIDField(read_only=True)
    reasons = serializers.SerializerMethodField()
    _links = serializers.SerializerMethodField()

    class Meta:
        model = JudgedSignIn
        fields: ClassVar[list[str]] = [
            "id",
            "person_id",
            "at",
            "device",
            "address",
            "country",
            "way",
            "score",
            "reasons",
            "is_enforced",
            "let_in_until",
            "_links",
        ]
        read_only_fields = fields

    def get_reasons(self, sign_in: JudgedSignIn) -> list[ReasonShape]:
        """The signs and their weights, the heaviest first."""
        reasons: list[ReasonShape] = sign_in.reasons
        return reasons

    def get__links(self, sign_in: JudgedSignIn) -> Links:
        """Where its person is let in once."""
        return {"self": link_to("accounts_api:let_in", sign_in.pk)}


class SignIns(CapabilityListView):
    """The caller's own."""

    capability = Capability.READ_DOCUMENTS
    persons_only = frozenset({"GET"})
    tag = "sign-in"
    orderings: ClassVar[dict[str, tuple[str, ...]]] = _ORDERINGS

    @extend_schema(operation_id="sign_ins_list", responses=SignInSerializer(many=True))
    def get(self, request: Request) -> Response:
        """How one signed in during the last half year; only a signed-in person may ask."""
        return self.page(request, own_sign_ins(caller_of(request)), SignInSerializer)


class DisownSignIn(CapabilityAPIView):
    """That was not me."""

    capability = Capability.READ_DOCUMENTS
    whose = Whose.OWN
    persons_only = frozenset({"POST"})
    tag = "sign-in"

    @extend_schema(operation_id="sign_ins_disown", request=None, responses=SignInSerializer)
    def post(self, request: Request, sign_in_id: UUID) -> Response:
        """Say that a sign-in was somebody else's: all other sessions, tokens and API keys end. Change the password afterwards."""
        key = request.session.session_key
        kept = session_id_of(key) if key else None
        sign_in = disown_sign_in(caller_of(request), sign_in_id=sign_in_id, kept=kept)
        return Response(SignInSerializer(sign_in, context={"request": request}).data)


class StoppedSignIns(CapabilityListView):
    """The organization's."""

    capability = Capability.MANAGE_ORGANIZATION
    tag = "sign-in"
    orderings: ClassVar[dict[str, tuple[str, ...]]] = _ORDERINGS

    @extend_schema(operation_id="stopped_sign_ins_list", responses=StoppedSignInSerializer(many=True))
    def get(self, request: Request) -> Response:
        """What was stopped in the last thirty days, or would have been."""
        return self.page(request, stopped_sign_ins(caller_of(request)), StoppedSignInSerializer)


class LetIn(CapabilityAPIView):
    """Let somebody in."""

    capability = Capability.MANAGE_ORGANIZATION
    whose = Whose.EVERYBODYS
    persons_only = frozenset({"POST"})
    fresh_for = frozenset({"POST"})
    tag = "sign-in"

    @extend_schema(operation_id="stopped_sign_ins_let_in", request=None, responses=StoppedSignInSerializer)
    def post(self, request: Request, sign_in_id: UUID) -> Response:
        """Let the person in once within half an hour, with the same device, country and a second factor. Only a signed-in person may,
        who has proven who they are within ten minutes.
        """
        caller = caller_of(request)
        if caller.key_scopes is None:
            require_fresh(request.session)
        stopped = let_in_once(caller, sign_in_id=sign_in_id)
        return Response(StoppedSignInSerializer(stopped, context={"request": request}).data)
