"""Mail with a link: subject, text and HTML, in the reader's language, to this organization's own address."""

from collections.abc import Mapping
from email.utils import formataddr, parseaddr
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext

from apps.accounts.events import FactorChange
from apps.accounts.look import Look, look_here
from apps.accounts.models import ApiKey, Invitation, User
from apps.accounts.selectors import accounts_in_care_of, active_administrators
from apps.accounts.services.invite import invitation_token
from apps.accounts.services.reset_password import begin_reset, reset_token
from apps.kernel.clock import now
from apps.kernel.errors import gettext_noop
from apps.tenants.selectors import absolute_link

_FACTOR_SENTENCES = {
    FactorChange.APP_SET_UP: gettext_noop("An authenticator app was set up for your account."),
    FactorChange.APP_REMOVED: gettext_noop("The authenticator app of your account was removed."),
    FactorChange.PASSKEY_REGISTERED: gettext_noop("A passkey was registered for your account."),
    FactorChange.PASSKEY_REMOVED: gettext_noop("A passkey of your account was removed."),
    FactorChange.CODES_RENEWED: gettext_noop(
        "New recovery codes were made for your account; the old ones do not work any more."
    ),
    FactorChange.ALL_TAKEN_AWAY: gettext_noop(
        "An administrator took the second factors of your account away; you are signed out everywhere."
    ),
}


def send_invitation(invitation_id: UUID) -> None:
    """Mail the link of an invitation that is still open; nothing for any other."""
    invitation = Invitation.objects.select_related("invited_by").filter(pk=invitation_id).first()
    if invitation is None or not invitation.is_open(now()):
        return
    inviter = invitation.invited_by
    context: dict[str, str | int] = {
        "name": invitation.name,
        "inviter": inviter.name if inviter else "",
        "days": settings.INVITATION_MAX_AGE_S // 86_400,
        "link": absolute_link(reverse("accounts:invitation", args=[invitation_token(invitation)])),
    }
    send_message(
        "invitation",
        to=invitation.email,
        language=inviter.language if inviter else settings.LANGUAGE_CODE,
        context=context,
    )


def send_reset_link(person_id: UUID) -> None:
    """Mail a link for a new password to an active person who may use one; nothing for anybody else."""
    person = begin_reset(person_id)
    if person is None:
        return
    context: dict[str, str | int] = {
        "name": person.name,
        "minutes": settings.PASSWORD_RESET_TIMEOUT // 60,
        "link": absolute_link(reverse("accounts:password_reset", args=[reset_token(person)])),
    }
    send_message("password_reset", to=person.email, language=person.language, context=context)


def send_token_reused(person_id: UUID) -> None:
    """Tell an active person that a token of theirs came back; nothing for anybody else."""
    person = User.objects.filter(pk=person_id, is_active=True).first()
    if person is None:
        return
    context: dict[str, str | int] = {"name": person.name, "link": absolute_link(reverse("accounts:profile"))}
    send_message("token_reused", to=person.email, language=person.language, context=context)


def send_factor_changed(person_id: UUID, change: FactorChange) -> None:
    """Tell an active person what became of their second factors; nothing for anybody else."""
    person = User.objects.filter(pk=person_id, is_active=True).first()
    if person is None:
        return
    with translation.override(person.language):
        what = gettext(_FACTOR_SENTENCES[change])
    context: dict[str, str | int] = {
        "name": person.name,
        "what": what,
        "link": absolute_link(reverse("accounts:second_factors")),
    }
    send_message("second_factor_changed", to=person.email, language=person.language, context=context)


def send_key_ends_soon(key_id: UUID, *, to_id: UUID) -> None:
    """Tell an active person that a key of theirs, or of a program in their care, ends soon; nothing when it was renewed or revoked."""
    key = ApiKey.objects.select_related("owner").filter(pk=key_id, revoked_at=None, reminded_at__isnull=False).first()
    person = User.objects.people().filter(pk=to_id, is_active=True).first()
    if key is None or person is None:
        return
    with translation.override(person.language):
        ends = date_format(key.expires_at, "DATE_FORMAT")
    context: dict[str, str | int] = {
        "name": person.name,
        "key": f"{key.name} ({key.prefix}…)",
        "account": key.owner.name if key.owner.is_program else "",
        "ends": ends,
        "link": absolute_link(reverse("accounts:api_key", args=[key.pk])),
    }
    send_message("key_ends_soon", to=person.email, language=person.language, context=context)


def send_accounts_orphaned(person_id: UUID, *, to_id: UUID) -> None:
    """Tell an active administrator which programs nobody is responsible for, now that this person has left; nothing if none."""
    left = User.objects.filter(pk=person_id, is_active=False).first()
    admin = active_administrators().filter(pk=to_id).first()
    names = [str(account) for account in accounts_in_care_of(person_id)]
    if left is None or admin is None or not names:
        return
    context: dict[str, str | int] = {
        "name": admin.name,
        "person": left.name,
        "accounts": ", ".join(names),
        "link": absolute_link(reverse("accounts:service_accounts")),
    }
    send_message("accounts_orphaned", to=admin.email, language=admin.language, context=context)


def send_message(name: str, *, to: str, language: str, context: Mapping[str, object]) -> None:
    """The triple templates/emails/<name>.{subject.txt,txt,html}."""
    look = look_here()
    values = {**context, "organization": look.name, "language": language}
    with translation.override(language), timezone.override(None):
        subject = " ".join(render_to_string(f"emails/{name}.subject.txt", values).split())
        message = EmailMultiAlternatives(
            subject,
            render_to_string(f"emails/{name}.txt", values),
            from_email=_sender(look),
            to=[to],
            reply_to=[look.reply_to] if look.reply_to else None,
        )
        message.attach_alternative(render_to_string(f"emails/{name}.html", values), "text/html")
    message.send()


def _sender(look: Look) -> str:
    """The product's own address, under the organization's name: another address would fail the receivers' checks of senders."""
    _name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((look.sender_name, address)) if look.sender_name else settings.DEFAULT_FROM_EMAIL
