"""Who acts, in which request and from where: one ContextVar for the current request, task or command."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class RequestContext:
    """What an audit entry takes from its surroundings; empty in the control plane."""

    request_id: str = ""
    ip: str | None = None
    actor_id: UUID | None = None


_NOWHERE = RequestContext()
_current: ContextVar[RequestContext | None] = ContextVar("request_context", default=None)


def request_context() -> RequestContext:
    """The context of the work in hand."""
    return _current.get() or _NOWHERE


@contextmanager
def in_request(context: RequestContext) -> Iterator[None]:
    """Work on behalf of this request; the one before is put back."""
    token = _current.set(context)
    try:
        yield
    finally:
        _current.reset(token)
