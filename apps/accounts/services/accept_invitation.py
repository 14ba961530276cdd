"""Accept an invitation: the account is made with the invited address and role."""

from uuid import UUID

from django.conf import settings
from django.db import transaction

from apps.accounts.capabilities import RoleName
from apps.accounts.choices import SignInWay
from apps.accounts.errors import AlreadyAPersonError, LinkNotValidError
from apps.accounts.events import PersonJoined
from apps.accounts.models import Invitation, User
from apps.accounts.selectors import sign_in_policy
from apps.accounts.services.invite import PURPOSE
from apps.accounts.services.judge_sign_in import Shown, judge_sign_in
from apps.accounts.services.password_rules import refuse_weak_password
from apps.accounts.services.teams import join_team
from apps.kernel.audit.record import record
from apps.kernel.clock import now
from apps.kernel.events.bus import publish
from apps.kernel.signing import InvalidSignatureError, verify
from apps.kernel.tenancy.context import current_tenant


def invitation_behind(token: str) -> Invitation:
    """The open invitation that the link names; LinkNotValidError for every other."""
    invitation = Invitation.objects.filter(pk=_id_in(token)).first()
    if invitation is None or not invitation.is_open(now()):
        raise LinkNotValidError
    return invitation


@transaction.atomic
def accept_invitation(token: str, *, name: str, password: str) -> User:
    """The new person. Of two who accept at once, one gets the account.

    Raises LinkNotValidError, WeakPasswordError, AlreadyAPersonError.
    """
    invitation = Invitation.objects.select_for_update().filter(pk=_id_in(token)).first()
    if invitation is None or not invitation.is_open(now()):
        raise LinkNotValidError
    if User.objects.filter(email_key=invitation.email_key).exists():
        raise AlreadyAPersonError
    refuse_weak_password(password, User(email=invitation.email, name=name))
    person = User.objects.create_person(invitation.email, name=name, role=RoleName(invitation.role), password=password)
    if invitation.team is not None:
        join_team(person, team=invitation.team, actor=person)
    invitation.accepted_at = now()
    invitation.save(update_fields=["accepted_at", "updated_at"])
    judgement = judge_sign_in(person, sign_in_policy(), Shown(SignInWay.PASSWORD, is_invited=True))
    record("person.joined", actor=person, target=person.pk, detail={"role": person.role, **judgement.detail})
    publish(PersonJoined(person_id=person.pk))
    return person


def _id_in(token: str) -> UUID:
    tenant_id, max_age_s = current_tenant().id, settings.INVITATION_MAX_AGE_S
    try:
        return UUID(verify(token, purpose=PURPOSE, tenant_id=tenant_id, max_age_s=max_age_s))
    except InvalidSignatureError as error:
        raise LinkNotValidError from error
