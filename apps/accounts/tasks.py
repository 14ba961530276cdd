"""Mail leaves in the background: a slow mail server holds up nobody, and tells nobody who has an account. And housekeeping."""

from smtplib import SMTPException
from typing import Any
from uuid import UUID

from celery import shared_task

from apps.accounts.events import FactorChange
from apps.accounts.services.follow_directory import follow_directory
from apps.accounts.services.invite_many import send_batch
from apps.accounts.services.remind_of_keys import remind_of_keys
from apps.accounts.services.remove_expired import remove_expired
from apps.accounts.services.send_link import (
    send_accounts_orphaned,
    send_factor_changed,
    send_invitation,
    send_key_ends_soon,
    send_reset_link,
    send_token_reused,
)
from apps.accounts.services.send_provider_news import send_certificate_ending, send_metadata_not_taken
from apps.accounts.services.send_warning import send_sign_in_stopped, send_step_up_code
from apps.accounts.services.watch_providers import has_providers, watch_providers
from apps.accounts.sso.ldap_connections import enabled_directories
from apps.kernel.jobs.kept_task import KeptTask
from apps.kernel.jobs.stages import StageContext, stage
from apps.kernel.tenancy.context import active_tenants, inside
from apps.kernel.tenancy.tenant_task import PlatformTask, TenantTask

# A mail server that is away for some minutes costs nobody their link.
_A_MAIL: dict[str, Any] = {
    "base": KeptTask,
    "runs_on": "default",
    "soft_time_limit": 50,
    "time_limit": 60,
    "autoretry_for": (SMTPException, OSError),
    "retry_backoff": 10,
    "max_retries": 6,
}


@shared_task(name="accounts.send_invitation", **_A_MAIL)
def mail_invitation(invitation_id: str) -> None:
    """Send the invitation's link."""
    send_invitation(UUID(invitation_id))


@stage("accounts.invite", queue="default", time_limit_s=300)
def invite(context: StageContext) -> None:
    """Invite the people of a list."""
    send_batch(context.subject_id, writing=context.fenced, report=context.report)


@shared_task(name="accounts.send_reset_link", **_A_MAIL)
def mail_reset_link(person_id: str) -> None:
    """Send the link for a new password."""
    send_reset_link(UUID(person_id))


@shared_task(name="accounts.send_factor_changed", **_A_MAIL)
def mail_factor_changed(person_id: str, change: str) -> None:
    """Tell a person what became of their second factors."""
    send_factor_changed(UUID(person_id), FactorChange(change))


@shared_task(name="accounts.send_sign_in_stopped", **_A_MAIL)
def mail_sign_in_stopped(sign_in_id: str) -> None:
    """Tell a person and the administrators of a sign-in that was stopped."""
    send_sign_in_stopped(UUID(sign_in_id))


@shared_task(name="accounts.send_step_up_code", **_A_MAIL)
def mail_step_up_code(sign_in_id: str) -> None:
    """Send the code that a risky sign-in waits for."""
    send_step_up_code(UUID(sign_in_id))


@shared_task(name="accounts.send_token_reused", **_A_MAIL)
def mail_token_reused(person_id: str) -> None:
    """Tell a person that a token of theirs came back."""
    send_token_reused(UUID(person_id))


@shared_task(name="accounts.send_key_ends_soon", **_A_MAIL)
def mail_key_ends_soon(key_id: str, to_id: str) -> None:
    """Tell a person that a key in their care ends soon."""
    send_key_ends_soon(UUID(key_id), to_id=UUID(to_id))


@shared_task(name="accounts.send_accounts_orphaned", **_A_MAIL)
def mail_accounts_orphaned(person_id: str, to_id: str) -> None:
    """Tell an administrator of programs that nobody is responsible for."""
    send_accounts_orphaned(UUID(person_id), to_id=UUID(to_id))


@shared_task(base=PlatformTask, name="accounts.remind_of_keys", runs_on="default", time_limit=600)
def remind_of_keys_everywhere() -> None:
    """Announce the keys that end soon, organization by organization."""
    for tenant in active_tenants():
        with inside(tenant):
            remind_of_keys()


@shared_task(name="accounts.send_certificate_ending", **_A_MAIL)
def mail_certificate_ending(warning_id: str, person_id: str) -> None:
    """Tell an administrator that a certificate ends."""
    send_certificate_ending(UUID(warning_id), UUID(person_id))


@shared_task(name="accounts.send_metadata_not_taken", **_A_MAIL)
def mail_metadata_not_taken(connection_id: str, person_id: str) -> None:
    """Tell an administrator that metadata have to be looked at."""
    send_metadata_not_taken(UUID(connection_id), UUID(person_id))


@shared_task(base=TenantTask, name="accounts.watch_providers", runs_on="default", soft_time_limit=280, time_limit=300)
def watch_providers_here(*_: str) -> None:
    """Ends of certificates and changed metadata, in one organization: a provider that is slow holds up nobody else's."""
    watch_providers()


@shared_task(
    base=PlatformTask, name="accounts.watch_all_providers", runs_on="default", soft_time_limit=280, time_limit=300
)
def watch_providers_everywhere() -> None:
    """Ask each organization that has a provider to look after it."""
    for tenant in active_tenants():
        with inside(tenant):
            if has_providers():
                watch_providers_here.delay()


@shared_task(base=PlatformTask, name="accounts.remove_expired", runs_on="default", time_limit=600)
def remove_expired_everywhere() -> None:
    """Forget sessions and sign-ins that are over, organization by organization."""
    for tenant in active_tenants():
        with inside(tenant):
            remove_expired()


@shared_task(base=PlatformTask, name="accounts.ask_directories", runs_on="default", soft_time_limit=100, time_limit=120)
def ask_every_directory() -> None:
    """Begin to ask each organization's directories who has left; a slow one holds up nobody else's."""
    for tenant in active_tenants():
        with inside(tenant):
            for connection_id in enabled_directories():
                ask_directory.delay(str(connection_id))


@shared_task(base=TenantTask, name="accounts.ask_directory", runs_on="default", soft_time_limit=100, time_limit=120)
def ask_directory(connection_id: str) -> None:
    """Ask one directory who has left."""
    follow_directory(UUID(connection_id))
