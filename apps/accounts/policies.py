"""Who may do what: the questions that every room asks before a deed."""

from uuid import UUID

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

from apps.accounts.capabilities import GUARDED_ROLES, Capability, RoleName, grants_for
from apps.accounts.choices import SecondFactorRule
from apps.accounts.errors import NeedsPersonError
from apps.accounts.models import Membership, SignInPolicy, User
from apps.kernel.errors import NotAllowedError

__all__ = [
    "grants_for",
    "may",
    "may_grant_role",
    "may_manage",
    "may_manage_people",
    "may_sign_in_here",
    "must_have_second_factor",
    "require",
    "require_people_manager",
    "require_person",
    "rule_asks",
    "shares_team",
    "team_mates_of",
    "teams_of",
]


def may(user: AbstractBaseUser | AnonymousUser, capability: Capability) -> bool:
    """Has this person this capability here and now? Nobody has any without a tenant, when inactive, or when not signed in."""
    return isinstance(user, User) and capability in user.grants()


def require(user: AbstractBaseUser | AnonymousUser, capability: Capability) -> None:
    """NotAllowedError unless may()."""
    if not may(user, capability):
        raise NotAllowedError


def may_manage_people(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Administrators of an organization; operators in the platform's own."""
    return may(user, Capability.MANAGE_ORGANIZATION) or may(user, Capability.MANAGE_PLATFORM)


def require_people_manager(user: AbstractBaseUser | AnonymousUser) -> None:
    """NotAllowedError unless may_manage_people()."""
    if not may_manage_people(user):
        raise NotAllowedError


def require_person(user: User) -> None:
    """NeedsPersonError for a program: neither keys nor tokens make keys, or what could make them."""
    if user.key_scopes is not None:
        raise NeedsPersonError


def may_grant_role(user: User, role: RoleName) -> bool:
    """Operators are made by operators alone; every other role by those who manage people."""
    if role == RoleName.SYSTEM_ADMIN:
        return may(user, Capability.MANAGE_PLATFORM)
    return may_manage_people(user)


def may_manage(user: User, other: User) -> bool:
    """May this person change the role or the access of the other one?"""
    return may_grant_role(user, RoleName(other.role))


def teams_of(user: User) -> frozenset[UUID]:
    """The ids of the teams that this person is in."""
    return frozenset(Membership.objects.filter(user_id=user.pk).values_list("team_id", flat=True))


def team_mates_of(person_id: UUID) -> frozenset[UUID]:
    """Everybody with whom shares_team() is true."""
    theirs = Membership.objects.filter(user_id=person_id).values("team_id")
    return frozenset(Membership.objects.filter(team_id__in=theirs).values_list("user_id", flat=True))


def shares_team(user: User, other_id: UUID | None) -> bool:
    """Is there a team that both are in?"""
    if other_id is None:
        return False
    return Membership.objects.filter(user_id=other_id, team__memberships__user_id=user.pk).exists()


def may_sign_in_here(person: User, policy: SignInPolicy) -> bool:
    """May this person come in by password or passkey? Where single sign-on is required, only with emergency access."""
    return person.is_active and not person.is_program and (not policy.requires_sso or person.has_emergency_access)


def must_have_second_factor(person: User, policy: SignInPolicy) -> bool:
    """Does the organization ask this person for more than a password?"""
    return rule_asks(policy.second_factor, person)


def rule_asks(rule: str, person: User) -> bool:
    """Does a rule of second factors ask this person for one?"""
    if rule == SecondFactorRule.ADMINS:
        return person.role in GUARDED_ROLES
    return rule == SecondFactorRule.EVERYONE
