"""The door of every socket: whose host is it, does the page come from there, who is signed in.

A refused socket is closed before it is accepted, so it costs nothing: 4403 for a foreign page or an unknown host, 4401 for nobody
signed in. The socket's own code runs with the tenant named and finds the person in `scope["person"]`.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from channels.db import database_sync_to_async
from django.conf import settings
from django.contrib.auth import get_user
from django.db import DatabaseError
from django.http import HttpRequest
from django.http.cookie import parse_cookie

from apps.kernel.tenancy.context import TenantRef, active_tenant_by_id, carrying, inside
from apps.kernel.tenancy.hosts import tenant_for_host

NOBODY = 4401
FOREIGN = 4403
TRY_LATER = 1013

# What ASGI itself passes around; it has no types of its own.
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Person:
    """Who opened a socket, and the session that says so."""

    user_id: UUID
    session_key: str


class SocketDoor:
    """ASGI middleware in front of all sockets."""

    def __init__(self, inner: Application) -> None:
        self.inner = inner

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a signed-in person of this host in; close the socket for everybody else."""
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        host = headers.get(b"host", "")
        if not is_own_origin(headers.get(b"origin", ""), host=host):
            await _refuse(receive, send, FOREIGN)
            return
        try:
            tenant = await database_sync_to_async(_active_tenant)(host)
            person = await still_signed_in(tenant, session_key_of(headers.get(b"cookie", ""))) if tenant else None
        except DatabaseError:
            await _refuse(receive, send, TRY_LATER)
            return
        if tenant is None or person is None:
            await _refuse(receive, send, NOBODY if tenant else FOREIGN)
            return
        scope["person"] = person
        with carrying(tenant):
            await self.inner(scope, receive, send)


def is_own_origin(origin: str, *, host: str) -> bool:
    """Whether the page that opened the socket was served from this very scheme, host and port. Siblings are strangers."""
    page = _place(origin)
    return page is not None and page == _place(f"{settings.PRISM_SCHEME}://{host}")


def session_key_of(cookies: str) -> str:
    """The session's key from a Cookie header, "" without one."""
    return parse_cookie(cookies).get(settings.SESSION_COOKIE_NAME) or ""


async def still_signed_in(tenant: TenantRef, session_key: str) -> Person | None:
    """The person of this session, asked anew: None when the session, the person or the tenant may not work now."""
    person: Person | None = await database_sync_to_async(_person_of)(tenant.id, session_key)
    return person


def _active_tenant(host: str) -> TenantRef | None:
    answer = tenant_for_host(host)
    return answer.tenant if answer and answer.is_active else None


def _person_of(tenant_id: UUID, session_key: str) -> Person | None:
    tenant = active_tenant_by_id(tenant_id)
    if tenant is None or not session_key:
        return None
    with inside(tenant):
        request = HttpRequest()
        request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
        # Checks the session's hash as well, which changes with password, role and access.
        user = get_user(request)
        return Person(user_id=user.pk, session_key=session_key) if user.is_authenticated and user.is_active else None


def _place(url: str) -> tuple[str, str, int] | None:
    """Scheme, host and port of an address that has nothing else; None for anything more or less."""
    try:
        parts = urlsplit(url.lower())
        port = parts.port or _DEFAULT_PORTS[parts.scheme]
    except (ValueError, KeyError):
        return None
    if not parts.hostname or parts.path or parts.query or parts.fragment or "@" in parts.netloc:
        return None
    return parts.scheme, parts.hostname, port


async def _refuse(receive: Receive, send: Send, code: int) -> None:
    await receive()
    await send({"type": "websocket.close", "code": code})
