"""Invite somebody by mail. The link is signed for this organization, lives seven days, and works once."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from apps.accounts.capabilities import RoleName
from apps.accounts.errors import AlreadyAPersonError
from apps.accounts.events import PersonInvited
from apps.accounts.models import Invitation, Team, User, normal_email
from apps.accounts.policies import may_grant_role, require_people_manager
from apps.kernel.audit.record import record
from apps.kernel.clock import now
from apps.kernel.errors import InvalidInputError, NotAllowedError, NotFoundError
from apps.kernel.events.bus import publish
from apps.kernel.signing import sign
from apps.kernel.tenancy.context import current_tenant

PURPOSE = "accounts.invitation"


@transaction.atomic
def invite_person(
    user: User | None, *, email: str, role: RoleName, name: str = "", team: Team | None = None
) -> Invitation:
    """The invitation; its mail leaves after commit. An open one to the same address is withdrawn: only the newest link works.

    `user` None is an operator at the command line. Raises NotAllowedError, InvalidInputError for what is no address,
    AlreadyAPersonError.
    """
    _refuse_strangers(user, role)
    email = _checked(email)
    key = normal_email(email)
    if User.objects.filter(email_key=key).exists():
        raise AlreadyAPersonError
    at = now()
    Invitation.objects.select_for_update().filter(email_key=key, accepted_at=None, revoked_at=None).update(
        revoked_at=at
    )
    invitation = Invitation.objects.create(
        email=email,
        email_key=key,
        name=name.strip(),
        role=role.value,
        team=team,
        invited_by=user,
        expires_at=at + timedelta(seconds=settings.INVITATION_MAX_AGE_S),
    )
    record("person.invited", actor=user, target=invitation.pk, detail={"role": role.value})
    publish(PersonInvited(invitation_id=invitation.pk))
    return invitation


@transaction.atomic
def resend_invitation(user: User, *, invitation_id: UUID) -> Invitation:
    """A new invitation with the same address, role and team, in the place of one that has not been accepted; the old link is dead.

    One whose link has ended can be sent again, too. Raises NotAllowedError, NotFoundError, AlreadyAPersonError.
    """
    require_people_manager(user)
    found = Invitation.objects.select_for_update(of=("self",)).select_related("team").filter(pk=invitation_id)
    before = found.filter(accepted_at=None, revoked_at=None).first()
    if before is None:
        raise NotFoundError
    return invite_person(user, email=before.email, role=RoleName(before.role), name=before.name, team=before.team)


@transaction.atomic
def withdraw_invitation(user: User, *, invitation_id: UUID) -> None:
    """Make the link of an open invitation useless; NotAllowedError, NotFoundError."""
    require_people_manager(user)
    found = Invitation.objects.select_for_update().filter(pk=invitation_id, accepted_at=None, revoked_at=None).first()
    if found is None:
        raise NotFoundError
    found.revoked_at = now()
    found.save(update_fields=["revoked_at", "updated_at"])
    record("person.invitation_withdrawn", actor=user, target=found.pk)


def invitation_token(invitation: Invitation) -> str:
    """What the link carries: the row's id, signed for this organization and this purpose."""
    return sign(str(invitation.pk), purpose=PURPOSE, tenant_id=current_tenant().id)


def _refuse_strangers(user: User | None, role: RoleName) -> None:
    if user is None:
        is_platform = current_tenant().slug == settings.PLATFORM_TENANT_SLUG
        if role == RoleName.SYSTEM_ADMIN and not is_platform:
            raise NotAllowedError
        return
    require_people_manager(user)
    if not may_grant_role(user, role):
        raise NotAllowedError


def _checked(email: str) -> str:
    email = email.strip()
    try:
        validate_email(email)
    except ValidationError as error:
        raise InvalidInputError from error
    return email
