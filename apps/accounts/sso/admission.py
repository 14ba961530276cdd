"""What would become of somebody whom an identity provider sends: decided here, shown by the connection's test, done by a service."""

from dataclasses import dataclass
from enum import StrEnum

from apps.accounts.capabilities import RoleName
from apps.accounts.models import (
    ExternalIdentity,
    Invitation,
    SSOConnection,
    Team,
    User,
    VerifiedDomain,
    normal_email,
)
from apps.accounts.sso.claims import Claims
from apps.accounts.sso.groups import groups_in_force, meaning_of_groups
from apps.kernel.clock import now


class Admission(StrEnum):
    """How somebody comes in, or why not."""

    KNOWN = "known"
    LINKED = "linked"
    INVITED = "invited"
    NEW = "new"
    INACTIVE = "inactive"
    NO_ADDRESS = "no_address"
    ADDRESS_DISOWNED = "address_disowned"
    DOMAIN_NOT_VERIFIED = "domain_not_verified"
    LINKED_TO_ANOTHER = "linked_to_another"
    NOT_EXPECTED = "not_expected"


ADMITTED = frozenset({Admission.KNOWN, Admission.LINKED, Admission.INVITED, Admission.NEW})


@dataclass(frozen=True, slots=True)
class AdmissionPlan:
    """The person (None while there is no account), their role, and the teams they join and leave."""

    admission: Admission
    person: User | None
    role: RoleName
    joins: tuple[Team, ...] = ()
    leaves: tuple[Team, ...] = ()
    invitation: Invitation | None = None

    @property
    def is_admitted(self) -> bool:
        """Will they be in?"""
        return self.admission in ADMITTED


def plan_admission(connection: SSOConnection, claims: Claims) -> AdmissionPlan:
    """What signing in with these claims would do; nothing is written.

    Whoever was here before is found by (connection, subject). An address only helps the first time, and only in a mail domain
    that the organization has verified: a provider may say any address of anybody.
    """
    identity = (
        ExternalIdentity.objects.select_related("person").filter(connection=connection, subject=claims.subject).first()
    )
    if identity is not None:
        admission = Admission.KNOWN if identity.person.is_active else Admission.INACTIVE
        return _with_groups(connection, claims, admission=admission, person=identity.person)
    if objection := objection_to_address(claims):
        return _refused(connection, objection)
    person = User.objects.filter(email_key=normal_email(claims.email)).first()
    if person is not None:
        return _with_groups(connection, claims, admission=_link(connection, claims, person=person), person=person)
    return _newcomer(connection, claims)


def _link(connection: SSOConnection, claims: Claims, *, person: User) -> Admission:
    if not person.is_active:
        return Admission.INACTIVE
    identity = ExternalIdentity.objects.filter(connection=connection, person=person).first()
    if identity is None:
        return Admission.LINKED
    # Their own first sign-in in another window may have ended since we looked for the subject.
    return Admission.KNOWN if identity.subject == claims.subject else Admission.LINKED_TO_ANOTHER


def objection_to_address(claims: Claims) -> Admission | None:
    """Why this address finds and makes no account; None when it may."""
    local, at, domain = normal_email(claims.email).rpartition("@")
    if not local or not at:
        return Admission.NO_ADDRESS
    if claims.is_email_disowned:
        return Admission.ADDRESS_DISOWNED
    if not VerifiedDomain.objects.filter(domain=domain, verified_at__isnull=False).exists():
        return Admission.DOMAIN_NOT_VERIFIED
    return None


def _newcomer(connection: SSOConnection, claims: Claims) -> AdmissionPlan:
    key = normal_email(claims.email)
    invitation = Invitation.objects.filter(
        email_key=key, accepted_at=None, revoked_at=None, expires_at__gt=now()
    ).first()
    if invitation is not None:
        plan = _with_groups(connection, claims, admission=Admission.INVITED, person=None)
        return AdmissionPlan(plan.admission, None, RoleName(invitation.role), joins=plan.joins, invitation=invitation)
    if not connection.admits_new_people:
        return _refused(connection, Admission.NOT_EXPECTED)
    return _with_groups(connection, claims, admission=Admission.NEW, person=None)


def _refused(connection: SSOConnection, why: Admission) -> AdmissionPlan:
    return AdmissionPlan(why, None, RoleName(connection.default_role))


def _with_groups(
    connection: SSOConnection, claims: Claims, *, admission: Admission, person: User | None
) -> AdmissionPlan:
    meaning = meaning_of_groups(connection, groups_in_force(connection, claims.groups, person=person), person=person)
    if admission not in ADMITTED:
        return AdmissionPlan(admission, person, meaning.role)
    return AdmissionPlan(admission, person, meaning.role, joins=meaning.joins, leaves=meaning.leaves)
