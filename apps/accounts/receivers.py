"""What this room reacts to: its own news, by mail."""

from apps.accounts.events import PasswordResetAsked, PersonInvited
from apps.accounts.tasks import mail_invitation, mail_reset_link
from apps.kernel.events.bus import subscribe


def invitation_leaves(event: PersonInvited) -> None:
    """The invited person gets the link."""
    mail_invitation.delay(str(event.invitation_id))


def reset_link_leaves(event: PasswordResetAsked) -> None:
    """The person gets the link, if there is one."""
    mail_reset_link.delay(str(event.person_id))


subscribe(PersonInvited, invitation_leaves)
subscribe(PasswordResetAsked, reset_link_leaves)
