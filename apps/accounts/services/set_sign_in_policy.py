"""Say how strictly the organization lets its people in."""

from dataclasses import asdict, dataclass

from django.db import transaction

from apps.accounts.capabilities import Capability
from apps.accounts.choices import RiskMode, SecondFactorRule
from apps.accounts.errors import InvalidPolicyError, NeedsPersonError
from apps.accounts.models import SignInPolicy, User
from apps.accounts.models.sign_in_policy import LEAST_RISK, LONGEST_IDLE_S, LONGEST_SESSION_S, SHORTEST_LIMIT_S
from apps.accounts.policies import require
from apps.accounts.risk.errors import InvalidThresholdsError
from apps.kernel.audit.record import record


@dataclass(frozen=True, slots=True)
class PolicyChange:
    """What an administrator says on the page. Whether there is another way in than single sign-on is said where that is set up."""

    second_factor: SecondFactorRule
    idle_limit_s: int
    absolute_limit_s: int
    risk_mode: RiskMode
    step_up_risk: float
    deny_risk: float


@transaction.atomic
def set_sign_in_policy(user: User, *, change: PolicyChange) -> SignInPolicy:
    """The policy as it is now. NotAllowedError, NeedsPersonError, InvalidPolicyError, InvalidThresholdsError."""
    require(user, Capability.MANAGE_ORGANIZATION)
    if user.key_scopes is not None:
        raise NeedsPersonError
    if not (
        SHORTEST_LIMIT_S <= change.idle_limit_s <= LONGEST_IDLE_S
        and max(SHORTEST_LIMIT_S, change.idle_limit_s) <= change.absolute_limit_s <= LONGEST_SESSION_S
    ):
        raise InvalidPolicyError
    if not LEAST_RISK <= change.step_up_risk < change.deny_risk <= 1:
        raise InvalidThresholdsError
    SignInPolicy.objects.get_or_create(is_only=True)
    policy = SignInPolicy.objects.select_for_update().get()
    for name, value in asdict(change).items():
        setattr(policy, name, value)
    policy.save()
    detail = asdict(change) | {"step_up_risk": f"{change.step_up_risk:.2f}", "deny_risk": f"{change.deny_risk:.2f}"}
    record("sign_in_policy.changed", actor=user, target=policy.pk, detail=detail)
    return policy
