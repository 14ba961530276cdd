"""What this room reacts to: its own news, by mail; a new organization, by inviting its first administrator."""

from apps.accounts.events import (
    CertificateEnding,
    InvitationsAsked,
    KeyEndsSoon,
    MetadataNotTaken,
    PasswordResetAsked,
    PersonDeactivated,
    PersonInvited,
    SecondFactorChanged,
    SignInStopped,
    StepUpCodeAsked,
    TokenReused,
)
from apps.accounts.models import ApiKey
from apps.accounts.selectors import accounts_in_care_of, active_administrators, told_of_key
from apps.accounts.services.invite_first import invite_first_administrator
from apps.accounts.tasks import (
    mail_accounts_orphaned,
    mail_certificate_ending,
    mail_factor_changed,
    mail_invitation,
    mail_key_ends_soon,
    mail_metadata_not_taken,
    mail_reset_link,
    mail_sign_in_stopped,
    mail_step_up_code,
    mail_token_reused,
)
from apps.kernel.events.bus import subscribe
from apps.kernel.jobs.services import start_job
from apps.tenants.events import OrganizationProvisioned


def invitation_leaves(event: PersonInvited) -> None:
    """The invited person gets the link."""
    mail_invitation.delay(str(event.invitation_id))


def list_is_worked_off(event: InvitationsAsked) -> None:
    """A job invites one after the other."""
    start_job("invitations", subject_id=event.batch_id, requested_by=event.asked_by)


def reset_link_leaves(event: PasswordResetAsked) -> None:
    """The person gets the link, if there is one."""
    mail_reset_link.delay(str(event.person_id))


def ending_certificate_is_told(event: CertificateEnding) -> None:
    """The administrators learn in time that people could not sign in any more."""
    for admin in active_administrators():
        mail_certificate_ending.delay(str(event.warning_id), str(admin.pk))


def changed_metadata_are_told(event: MetadataNotTaken) -> None:
    """The administrators learn that a provider is not what it was."""
    for admin in active_administrators():
        mail_metadata_not_taken.delay(str(event.connection_id), str(admin.pk))


def theft_is_told(event: TokenReused) -> None:
    """The person learns that a token of theirs may have been copied."""
    mail_token_reused.delay(str(event.person_id))


def new_factor_is_told(event: SecondFactorChanged) -> None:
    """The person learns what became of their second factors: somebody else may have done it."""
    mail_factor_changed.delay(str(event.person_id), event.change.value)


def end_of_key_is_told(event: KeyEndsSoon) -> None:
    """Who looks after the key learns that it ends."""
    key = ApiKey.objects.select_related("owner").get(pk=event.key_id)
    for person in told_of_key(key):
        mail_key_ends_soon.delay(str(event.key_id), str(person.pk))


def orphaned_programs_are_told(event: PersonDeactivated) -> None:
    """Administrators learn that somebody left who was responsible for programs."""
    if accounts_in_care_of(event.person_id).exists():
        for admin in active_administrators():
            mail_accounts_orphaned.delay(str(event.person_id), str(admin.pk))


def stopped_sign_in_is_told(event: SignInStopped) -> None:
    """The person and the administrators learn that somebody knew enough to sign in and was refused."""
    mail_sign_in_stopped.delay(str(event.sign_in_id))


def step_up_code_leaves(event: StepUpCodeAsked) -> None:
    """The person gets the code."""
    mail_step_up_code.delay(str(event.sign_in_id))


def first_administrator_is_invited(event: OrganizationProvisioned) -> None:
    """Somebody has to let the others in."""
    invite_first_administrator(event.admin_email)


subscribe(CertificateEnding, ending_certificate_is_told)
subscribe(MetadataNotTaken, changed_metadata_are_told)
subscribe(OrganizationProvisioned, first_administrator_is_invited)
subscribe(PersonInvited, invitation_leaves)
subscribe(InvitationsAsked, list_is_worked_off)
subscribe(PasswordResetAsked, reset_link_leaves)
subscribe(SecondFactorChanged, new_factor_is_told)
subscribe(KeyEndsSoon, end_of_key_is_told)
subscribe(PersonDeactivated, orphaned_programs_are_told)
subscribe(SignInStopped, stopped_sign_in_is_told)
subscribe(StepUpCodeAsked, step_up_code_leaves)
subscribe(TokenReused, theft_is_told)
