"""Fills the request context from the request that is being answered."""

import ipaddress
from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse

from apps.kernel.audit.request_context import RequestContext, in_request
from apps.kernel.identifiers import new_id


class RequestContextMiddleware:
    """Comes after sign-in is known, so that an entry knows its actor."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the context set; X-Request-ID goes back to the caller."""
        request_id = getattr(request, "request_id", None) or str(new_id())
        user = getattr(request, "user", None) or AnonymousUser()
        context = RequestContext(
            request_id=request_id, ip=_address_of(request), actor_id=user.pk if user.is_authenticated else None
        )
        with in_request(context):
            response = self.get_response(request)
        response["X-Request-ID"] = request_id
        return response


def _address_of(request: HttpRequest) -> str | None:
    """The peer's address, or None for a unix socket. Forwarding headers are the proxy server's business: it sets REMOTE_ADDR."""
    try:
        return str(ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")))
    except ValueError:
        return None
