"""Database work for code on an event loop: the tenant is entered inside the thread that runs the SQL."""

from collections.abc import Awaitable, Callable
from typing import ParamSpec, TypeVar

from channels.db import database_sync_to_async

from apps.kernel.tenancy.context import current_tenant, inside

P = ParamSpec("P")
R = TypeVar("R")


def tenant_db(deed: Callable[P, R]) -> Callable[P, Awaitable[R]]:
    """Make `deed` awaitable; it runs wholly inside the caller's tenant.

    Setting the tenant in one thread call and querying in a second leaked rows (sockets share one database thread): here both
    are one call.
    """

    async def run(*args: P.args, **kwargs: P.kwargs) -> R:
        tenant = current_tenant()

        def in_tenant() -> R:
            with inside(tenant):
                return deed(*args, **kwargs)

        result: R = await database_sync_to_async(in_tenant)()
        return result

    return run
