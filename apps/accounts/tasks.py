"""Mail leaves in the background: a slow mail server holds up nobody, and tells nobody who has an account."""

from smtplib import SMTPException
from uuid import UUID

from celery import shared_task

from apps.accounts.services.send_link import send_invitation, send_reset_link
from apps.kernel.tenancy.tenant_task import TenantTask

_UNDELIVERED = (SMTPException, OSError)


@shared_task(
    base=TenantTask,
    name="accounts.send_invitation",
    runs_on="default",
    soft_time_limit=50,
    time_limit=60,
    autoretry_for=_UNDELIVERED,
    retry_backoff=10,
    max_retries=6,
)
def mail_invitation(invitation_id: str) -> None:
    """Send the invitation's link."""
    send_invitation(UUID(invitation_id))


@shared_task(
    base=TenantTask,
    name="accounts.send_reset_link",
    runs_on="default",
    soft_time_limit=50,
    time_limit=60,
    autoretry_for=_UNDELIVERED,
    retry_backoff=10,
    max_retries=6,
)
def mail_reset_link(person_id: str) -> None:
    """Send the link for a new password."""
    send_reset_link(UUID(person_id))
