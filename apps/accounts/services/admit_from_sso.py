"""Let in whom an identity provider sends. The only place where single sign-on makes or changes an account."""

from django.db import IntegrityError, transaction

from apps.accounts.choices import SignInWay
from apps.accounts.errors import NotAdmittedError
from apps.accounts.events import PersonJoined
from apps.accounts.models import ExternalIdentity, SSOConnection, User
from apps.accounts.risk.errors import SignInStoppedError
from apps.accounts.selectors import sign_in_policy
from apps.accounts.services.follow_groups import follow_groups
from apps.accounts.services.judge_sign_in import Shown, judge_sign_in
from apps.accounts.sso.admission import Admission, AdmissionPlan, plan_admission
from apps.accounts.sso.claims import Claims
from apps.accounts.sso.groups import GroupMeaning
from apps.kernel.audit.record import record
from apps.kernel.clock import now
from apps.kernel.events.bus import publish

_LONGEST_NAME = 150


def admit_from_sso(connection: SSOConnection, claims: Claims, *, is_signed_in: bool = True) -> User:
    """The person, whose session the caller then starts, unless `must_step_up` says that more has to be shown first.

    `claims` must have passed every check of their protocol. With `is_signed_in` False something may still be asked of them: the caller
    judges their risk, and records it when they are in. Raises NotAdmittedError when the organization does not let them in, and
    SignInStoppedError when it looks like somebody else; why is recorded.
    """
    try:
        person, refusal = _admit(connection, claims)
    except IntegrityError:
        # Somebody else's sign-in made the same account or identity a moment ago: what was planned for is not true any more.
        person, refusal = _admit(connection, claims)
    if person is None:
        with transaction.atomic():
            detail = {"connection": connection.name, "reason": str(refusal)}
            record("person.not_admitted", actor=None, target=connection.pk, detail=detail)
        raise NotAdmittedError
    if is_signed_in:
        _judge(connection, person)
    return person


def _judge(connection: SSOConnection, person: User) -> None:
    with transaction.atomic():
        judgement = judge_sign_in(person, sign_in_policy(), Shown(SignInWay.SSO))
        if not judgement.is_stopped:
            detail = {"connection": connection.name, **judgement.detail}
            record("person.signed_in_by_sso", actor=person, target=person.pk, detail=detail)
    if judgement.is_stopped:
        raise SignInStoppedError


@transaction.atomic
def _admit(connection: SSOConnection, claims: Claims) -> tuple[User | None, Admission]:
    plan = plan_admission(connection, claims)
    if not plan.is_admitted:
        return None, plan.admission
    person = _lock(plan.person) if plan.person else _join(plan, claims)
    if not person.is_active:
        return None, Admission.INACTIVE
    is_first = plan.admission != Admission.KNOWN
    if is_first:
        # Never "get or create": a subject that became somebody else's meanwhile must not sign this person in.
        ExternalIdentity.objects.create(connection=connection, subject=claims.subject, person=person)
    identity = ExternalIdentity.objects.get(connection=connection, subject=claims.subject, person=person)
    identity.last_signed_in_at = connection.last_used_at = now()
    identity.save(update_fields=["last_signed_in_at", "updated_at"])
    connection.save(update_fields=["last_used_at", "updated_at"])
    meaning = GroupMeaning(plan.role, joins=plan.joins, leaves=plan.leaves)
    follow_groups(person, connection=connection, meaning=meaning, actor=person)
    _record_first(connection, person, plan=plan, is_first=is_first)
    return person, plan.admission


def _lock(person: User) -> User:
    return User.objects.select_for_update().get(pk=person.pk)


def _join(plan: AdmissionPlan, claims: Claims) -> User:
    name = (claims.name.strip() or claims.email.partition("@")[0])[:_LONGEST_NAME]
    person = User.objects.create_person(claims.email, name=name, role=plan.role)
    if plan.invitation is not None:
        plan.invitation.accepted_at = now()
        plan.invitation.save(update_fields=["accepted_at", "updated_at"])
    publish(PersonJoined(person_id=person.pk))
    return person


def _record_first(connection: SSOConnection, person: User, *, plan: AdmissionPlan, is_first: bool) -> None:
    detail = {"connection": connection.name}
    if plan.admission in {Admission.NEW, Admission.INVITED}:
        record("person.joined_by_sso", actor=person, target=person.pk, detail={**detail, "role": person.role})
    elif is_first:
        record("person.linked_to_sso", actor=person, target=person.pk, detail=detail)
