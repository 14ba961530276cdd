"""Where one is signed in, and how one ends it; what a session remembers of its beginning."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.accounts.capabilities import Capability, Whose
from apps.accounts.choices import SignInWay
from apps.accounts.circumstances import circumstances
from apps.accounts.models.browser_session import session_id_of
from apps.accounts.services.end_sessions import end_other_sessions, end_session
from apps.accounts.services.tokens import end_family, revoke_families
from apps.accounts.session_store import SessionStore, SignInNote
from apps.accounts.views.gate import CapabilityView, person_of


class EndSession(CapabilityView):
    """End one session."""

    capability = Capability.READ_DOCUMENTS
    whose = Whose.OWN

    def post(self, request: HttpRequest, session_id: UUID) -> HttpResponse:
        """Do it and show the profile again; who ends the session of this very browser is sent to sign in."""
        end_session(person_of(request), session_id=session_id)
        if session_id == this_session(request):
            request.session.flush()
            return redirect("accounts:sign_in")
        messages.success(request, _("The session is ended."))
        return redirect("accounts:profile")


class EndOtherSessions(CapabilityView):
    """End all sessions but this one."""

    capability = Capability.READ_DOCUMENTS

    def post(self, request: HttpRequest) -> HttpResponse:
        """Do it and show the profile again."""
        ended = end_other_sessions(person_of(request), kept=this_session(request))
        said = ngettext("%(count)s other session is ended.", "%(count)s other sessions are ended.", ended)
        messages.success(request, said % {"count": ended})
        return redirect("accounts:profile")


class EndProgram(CapabilityView):
    """End the tokens of one program."""

    capability = Capability.READ_DOCUMENTS
    whose = Whose.OWN

    def post(self, request: HttpRequest, family_id: UUID) -> HttpResponse:
        """Do it and show the profile again."""
        end_family(person_of(request), family_id=family_id)
        messages.success(request, _("The program is signed out."))
        return redirect("accounts:profile")


class EndPrograms(CapabilityView):
    """End the tokens of all programs."""

    capability = Capability.READ_DOCUMENTS

    def post(self, request: HttpRequest) -> HttpResponse:
        """Do it and show the profile again."""
        revoke_families(person_of(request))
        messages.success(request, _("All programs are signed out."))
        return redirect("accounts:profile")


def this_session(request: HttpRequest) -> UUID | None:
    """The id of the session that the request came with."""
    key = request.session.session_key
    return session_id_of(key) if key else None


def note_sign_in(request: HttpRequest, *, way: SignInWay, connection_name: str = "") -> None:
    """Keep with the new session from where, on what and by what its person came."""
    if isinstance(request.session, SessionStore):
        seen = circumstances()
        request.session.note_sign_in(
            SignInNote(
                address=seen.address or None,
                country=seen.place.country,
                device=seen.device,
                way=way.value,
                connection_name=connection_name,
            )
        )
