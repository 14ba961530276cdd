"""Sign-ins that were judged: one's own, with "that was not me", and those that were stopped, for administrators."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.accounts.capabilities import Capability, Whose
from apps.accounts.choices import SIGNAL_LABELS
from apps.accounts.models import JudgedSignIn
from apps.accounts.risk.signals import Signal
from apps.accounts.services.look_at_sign_ins import disown_sign_in, let_in_once
from apps.accounts.sign_ins import stopped_sign_ins
from apps.accounts.views.gate import CapabilityView, person_of
from apps.accounts.views.sessions import this_session
from apps.kernel.clock import now

_MOST_SHOWN = 100


class StoppedSignIns(CapabilityView):
    """What was stopped in the last thirty days, or would have been."""

    capability = Capability.MANAGE_ORGANIZATION

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list."""
        rows = stopped_sign_ins(person_of(request))[:_MOST_SHOWN]
        context = {"sign_ins": [_shown(row) for row in rows]}
        return render(request, "accounts/stopped_sign_ins.html", context)


class LetIn(CapabilityView):
    """Let somebody in once."""

    capability = Capability.MANAGE_ORGANIZATION
    whose = Whose.EVERYBODYS
    fresh_for = frozenset({"POST"})
    return_to = "accounts:stopped_sign_ins"

    def post(self, request: HttpRequest, sign_in_id: UUID) -> HttpResponse:
        """Do it and show the list again."""
        stopped = let_in_once(person_of(request), sign_in_id=sign_in_id)
        said = _("%(name)s can come in once within half an hour, with the same device and a second factor.")
        messages.success(request, said % {"name": stopped.person.name})
        return redirect("accounts:stopped_sign_ins")


class NotMe(CapabilityView):
    """Say that a sign-in was somebody else's."""

    capability = Capability.READ_DOCUMENTS
    whose = Whose.OWN

    def post(self, request: HttpRequest, sign_in_id: UUID) -> HttpResponse:
        """End everything else, and lead to a new password."""
        disown_sign_in(person_of(request), sign_in_id=sign_in_id, kept=this_session(request))
        messages.warning(
            request,
            _(
                "All your other sessions, tokens and API keys are ended. Now change your password, and see that your second factors are your own."
            ),
        )
        return redirect(f"{reverse('accounts:profile')}#password")


def _shown(row: JudgedSignIn) -> dict[str, Any]:
    reasons = [{"label": SIGNAL_LABELS[Signal(reason["signal"])], "weight": reason["weight"]} for reason in row.reasons]
    return {"row": row, "reasons": reasons, "is_let_in": row.is_let_in(now())}
