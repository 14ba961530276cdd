"""The questions about sign-ins that were judged; the only door to their rows."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from apps.accounts.capabilities import Capability
from apps.accounts.choices import RiskVerdict
from apps.accounts.errors import NeedsPersonError
from apps.accounts.models import JudgedSignIn, SignInPolicy, User
from apps.accounts.policies import require
from apps.kernel.clock import now

SIGN_INS_KEPT = timedelta(days=180)
LOOKED_BACK = timedelta(days=30)
_MOST_EARLIER = 200


def earlier_sign_ins(person: User, *, until: datetime) -> QuerySet[JudgedSignIn]:
    """The person's own of the last half year, newest first: what the next one is measured against."""
    since = until - SIGN_INS_KEPT
    return JudgedSignIn.objects.filter(person_id=person.pk, at__gte=since, at__lte=until)[:_MOST_EARLIER]


def own_sign_ins(user: User) -> QuerySet[JudgedSignIn]:
    """One's own, newest first; NeedsPersonError for an API key."""
    if user.key_scopes is not None:
        raise NeedsPersonError
    return JudgedSignIn.objects.filter(person_id=user.pk)


def stopped_sign_ins(user: User) -> QuerySet[JudgedSignIn]:
    """Those of the last thirty days that were stopped, or would have been, newest first; NotAllowedError."""
    require(user, Capability.MANAGE_ORGANIZATION)
    recent = JudgedSignIn.objects.filter(verdict=RiskVerdict.DENY, at__gte=now() - LOOKED_BACK)
    return recent.select_related("person")


@dataclass(frozen=True, slots=True)
class RiskSoFar:
    """How many sign-ins of the last thirty days there were, and what thresholds would have made of them."""

    sign_ins: int
    stepped_up: int
    stopped: int


def risk_so_far(user: User, policy: SignInPolicy) -> RiskSoFar:
    """Under the thresholds of this policy; NotAllowedError."""
    require(user, Capability.MANAGE_ORGANIZATION)
    is_step_up = Q(score__gte=policy.step_up_risk, score__lt=policy.deny_risk)
    counted = JudgedSignIn.objects.filter(at__gte=now() - LOOKED_BACK).aggregate(
        sign_ins=Count("pk"),
        stepped_up=Count("pk", filter=is_step_up),
        stopped=Count("pk", filter=Q(score__gte=policy.deny_risk)),
    )
    return RiskSoFar(**counted)
