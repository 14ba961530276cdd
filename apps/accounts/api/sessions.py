"""/api/v2/sessions, /people/<id>/sessions"""

from typing import ClassVar
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.accounts.api.gate import CapabilityAPIView, caller_of
from apps.accounts.api.listing import CapabilityListView
from apps.accounts.api.serializers import Links
from apps.accounts.capabilities import Capability, Whose
from apps.accounts.models import BrowserSession
from apps.accounts.models.browser_session import session_id_of
from apps.accounts.selectors import sessions_of
from apps.accounts.services.end_sessions import end_all_sessions, end_other_sessions, end_session
from apps.kernel.http.links import link_to


class SessionSerializer(serializers.ModelSerializer[BrowserSession]):
    """One browser that the caller is signed in with."""

    is_current = serializers.SerializerMethodField(help_text="Whether this call came with it.")
    _links = serializers.SerializerMethodField()

    class Meta:
        model = BrowserSession
        fields: ClassVar[list[str]] = [
            "id",
            "device",
            "address",
            "country",
            "way",
            "connection_name",
            "started_at",
            "last_seen_at",
            "is_current",
            "_links",
        ]
        read_only_fields = fields

    def get_is_current(self, session: BrowserSession) -> bool:
        """Whether this call came with it."""
        return bool(session.pk == self.context.get("current"))

    def get__links(self, session: BrowserSession) -> Links:
        """Where this session is."""
        return {"self": link_to("accounts_api:session", session.pk)}


class Sessions(CapabilityListView):
    """The caller's own sessions."""

    capability = Capability.READ_DOCUMENTS
    persons_only = frozenset({"GET", "DELETE"})
    orderings: ClassVar[dict[str, tuple[str, ...]]] = {"-last_seen_at": ("-last_seen_at", "-id")}

    @extend_schema(operation_id="sessions_list", responses=SessionSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Where one is signed in now; only a signed-in person may ask."""
        sessions = sessions_of(caller_of(request))
        return self.page(request, sessions, SessionSerializer, {"current": _current(request)})

    @extend_schema(operation_id="sessions_end_others", responses={204: None})
    def delete(self, request: Request) -> Response:
        """End all of one's own sessions but the one that asks."""
        end_other_sessions(caller_of(request), kept=_current(request))
        return Response(status=204)


class OneSession(CapabilityAPIView):
    """End one."""

    capability = Capability.READ_DOCUMENTS
    whose = Whose.OWN
    persons_only = frozenset({"DELETE"})

    @extend_schema(operation_id="sessions_end", responses={204: None})
    def delete(self, request: Request, session_id: UUID) -> Response:
        """End one of one's own sessions: its browser is nobody from the next request on, its sockets close within ten seconds."""
        end_session(caller_of(request), session_id=session_id)
        return Response(status=204)


class SessionsOfPerson(CapabilityAPIView):
    """All sessions of one person, for administrators."""

    capability = Capability.MANAGE_ORGANIZATION
    whose = Whose.EVERYBODYS
    tag = "sessions"

    @extend_schema(operation_id="people_sessions_end", responses={204: None})
    def delete(self, request: Request, person_id: UUID) -> Response:
        """Sign this person out everywhere."""
        end_all_sessions(caller_of(request), person_id=person_id)
        return Response(status=204)


def _current(request: Request) -> UUID | None:
    key = request.session.session_key
    return session_id_of(key) if key else None
