"""/api/v2/sign-in-policy, and the second factors of people"""

from uuid import UUID

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.api.gate import CapabilityAPIView, caller_of
from apps.accounts.api.serializers import SignInPolicyChangeSerializer, SignInPolicySerializer
from apps.accounts.capabilities import Capability, Whose
from apps.accounts.choices import RiskMode, SecondFactorRule
from apps.accounts.models import User
from apps.accounts.second_factor.session_notes import require_fresh
from apps.accounts.selectors import sign_in_policy
from apps.accounts.services.set_sign_in_policy import PolicyChange, set_sign_in_policy
from apps.accounts.services.take_away_second_factors import take_away_second_factors
from apps.kernel.http.entity_tags import answer_with_tag
from apps.kernel.http.strict_input import given


class SignInRules(CapabilityAPIView):
    """Read and change."""

    capability = Capability.MANAGE_ORGANIZATION
    persons_only = frozenset({"PATCH"})
    fresh_for = frozenset({"PATCH"})
    tag = "sign-in"
    is_tagged = True

    @extend_schema(operation_id="sign_in_policy_read", responses=SignInPolicySerializer)
    def get(self, request: Request) -> Response:
        """Who has to show a second factor, how long sessions last, what is done about risk, and whether single sign-on is the only way."""
        return answer_with_tag(request, SignInPolicySerializer(sign_in_policy()).data)

    @extend_schema(
        operation_id="sign_in_policy_change",
        request=SignInPolicyChangeSerializer,
        responses=SignInPolicySerializer,
        examples=[OpenApiExample("A second factor for everyone", {"second_factor": "everyone"}, request_only=True)],
    )
    def patch(self, request: Request) -> Response:
        """Change it; only a signed-in person may, who has proven who they are within ten minutes."""
        caller, said, before = _fresh(request), given(request, SignInPolicyChangeSerializer), sign_in_policy()
        change = PolicyChange(
            second_factor=SecondFactorRule(said.get("second_factor", before.second_factor)),
            idle_limit_s=said.get("idle_limit_s", before.idle_limit_s),
            absolute_limit_s=said.get("absolute_limit_s", before.absolute_limit_s),
            risk_mode=RiskMode(said.get("risk_mode", before.risk_mode)),
            step_up_risk=said.get("step_up_risk", before.step_up_risk),
            deny_risk=said.get("deny_risk", before.deny_risk),
        )
        return answer_with_tag(request, SignInPolicySerializer(set_sign_in_policy(caller, change=change)).data)


class SecondFactorsOfPerson(CapabilityAPIView):
    """Take them away."""

    capability = Capability.MANAGE_ORGANIZATION
    whose = Whose.EVERYBODYS
    persons_only = frozenset({"DELETE"})
    fresh_for = frozenset({"DELETE"})
    tag = "sign-in"

    @extend_schema(operation_id="people_second_factors_remove", responses={204: None})
    def delete(self, request: Request, person_id: UUID) -> Response:
        """For a lost phone: the person's sessions end, their password stays. Only a signed-in person may, who has proven who they are."""
        take_away_second_factors(_fresh(request), person_id=person_id)
        return Response(status=204)


def _fresh(request: Request) -> User:
    """Who calls; a key is refused by the service itself, whenever it was made."""
    caller = caller_of(request)
    if caller.key_scopes is None:
        require_fresh(request.session)
    return caller
