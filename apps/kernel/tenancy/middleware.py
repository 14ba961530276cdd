"""The first thing a request meets: whose host is this? Unknown hosts get one neutral answer."""

from collections.abc import Callable, Iterable, Iterator

from django.http import HttpRequest, HttpResponse

from apps.kernel.http.error_pages import suspended, unknown_host
from apps.kernel.tenancy.context import TenantRef, inside
from apps.kernel.tenancy.host_memory import remembered_tenant_for_host


class TenantMiddleware:
    """Enters the tenant of the request's host for the whole request; leaves it also after an error."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer inside the tenant, or say that there is none."""
        answer = remembered_tenant_for_host(request.META.get("HTTP_HOST", ""))
        if answer is None:
            return unknown_host(request)
        if not answer.is_active:
            return suspended(request)
        with inside(answer.tenant):
            request.tenant = answer.tenant  # type: ignore[attr-defined]
            response = self.get_response(request)
            if response.streaming:
                response.streaming_content = _in_tenant(answer.tenant, response.streaming_content)  # type: ignore[attr-defined]
            return response


def _in_tenant(tenant: TenantRef, parts: Iterable[bytes]) -> Iterator[bytes]:
    """Each part of a streamed answer is made inside the tenant: the server asks for it after the middleware has left."""
    source = iter(parts)
    while True:
        with inside(tenant):
            part = next(source, None)
        if part is None:
            return
        yield part
