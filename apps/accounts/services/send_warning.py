"""Mail about sign-ins that were judged: a code to go on with, a sign-in that was stopped."""

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from django.db.models import Q
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime

from apps.accounts.capabilities import RoleName
from apps.accounts.choices import SIGNAL_LABELS
from apps.accounts.models import JudgedSignIn, User
from apps.accounts.risk.signals import Signal
from apps.accounts.services.mailed_code import CODE_LIFE, mailed_code
from apps.accounts.services.send_link import send_message
from apps.kernel.clock import now
from apps.tenants.selectors import absolute_link


def send_step_up_code(sign_in_id: UUID) -> None:
    """Mail the code of a sign-in that waits for one; nothing for one that is over, or whose person is not here any more."""
    sign_in = _of_active_person(sign_in_id)
    if sign_in is None or sign_in.code_sent_at is None or sign_in.came_in_at is not None:
        return
    if now() - sign_in.code_sent_at >= CODE_LIFE:
        return
    code = mailed_code(sign_in)
    context = {
        "code": f"{code[:4]} {code[4:]}",
        "minutes": CODE_LIFE // timedelta(minutes=1),
        "link": absolute_link(reverse("accounts:password_forgot")),
    }
    _send("step_up_code", sign_in, to=sign_in.person, context=context)


def send_sign_in_stopped(sign_in_id: UUID) -> None:
    """Tell the person, and every administrator, of a sign-in that was stopped."""
    sign_in = _of_active_person(sign_in_id)
    if sign_in is None:
        return
    link = absolute_link(reverse("accounts:password_forgot"))
    _send("sign_in_stopped", sign_in, to=sign_in.person, context={"link": link})
    administrators = User.objects.filter(Q(role=RoleName.ORG_ADMIN), is_active=True).exclude(pk=sign_in.person_id)
    for administrator in administrators.order_by("pk"):
        context = {
            "link": absolute_link(reverse("accounts:stopped_sign_ins")),
            "reasons": _reasons(sign_in, administrator),
        }
        _send("sign_in_stopped_admin", sign_in, to=administrator, context=context)


def _of_active_person(sign_in_id: UUID) -> JudgedSignIn | None:
    return JudgedSignIn.objects.select_related("person").filter(pk=sign_in_id, person__is_active=True).first()


def _reasons(sign_in: JudgedSignIn, reader: User) -> str:
    with translation.override(reader.language):
        return ", ".join(str(SIGNAL_LABELS[Signal(reason["signal"])]) for reason in sign_in.reasons)


def _send(name: str, sign_in: JudgedSignIn, *, to: User, context: Mapping[str, object]) -> None:
    with translation.override(to.language):
        at = date_format(localtime(sign_in.at, to.zone), "SHORT_DATETIME_FORMAT")
        seen = {"device": sign_in.device_shown, "place": " ".join(filter(None, (sign_in.country, sign_in.address)))}
    values = {"name": to.name, "person": sign_in.person.name, "at": f"{at} ({to.time_zone})", **seen, **context}
    send_message(name, to=to.email, language=to.language, context=values)
