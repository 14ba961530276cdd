"""Celery tasks of a tenant. A task without a valid, active tenant is refused and writes nothing.

The usual way, a signal handler that switches the schema, falls open: Celery only logs a handler's error and runs the task anyway,
in `public`. Here the switch is in __call__, and the database itself is asked where it is before the task begins.
"""

import logging
from typing import Any
from uuid import UUID

from celery import Task
from celery.exceptions import Reject
from django.db import connection

from apps.kernel.signing import InvalidSignatureError, sign, verify
from apps.kernel.tenancy.context import active_tenant_by_id, current_tenant, inside

HEADER = "prism_tenant"
_PURPOSE = "task"
_TIME_TO_END_S = 10

logger = logging.getLogger(__name__)


def queue_of(name: str, *message: Any, task: Any = None, **more: Any) -> dict[str, str] | None:
    """Celery's router, the only one: a task runs on the queue that its declaration names with `runs_on`.

    None leaves it to the sender: a stage brings its own queue.
    """
    del name, message, more
    queue: str = getattr(task, "runs_on", "")
    return {"queue": queue} if queue else None


class LimitedTask(Task[Any, Any]):
    """A task that is asked to stop before it is ended: Celery sends none whose soft limit, by default a long one, is above its hard one."""

    abstract = True

    @classmethod
    def on_bound(cls, app: Any) -> None:
        """Bring a soft limit that was not chosen for this task under the hard one."""
        if cls.time_limit and (cls.soft_time_limit or 0) >= cls.time_limit:
            cls.soft_time_limit = max(1, cls.time_limit - _TIME_TO_END_S)


class PlatformTask(LimitedTask):
    """A task of the control plane: it belongs to no tenant and enters each one itself."""

    abstract = True
    runs_on = ""


class TenantTask(LimitedTask):
    """Carries the caller's tenant, signed, and works inside it."""

    abstract = True
    runs_on = ""

    def apply_async(self, args: Any = None, kwargs: Any = None, *rest: Any, **options: Any) -> Any:
        """Send with the current tenant in a signed header; NoTenantError without one."""
        tenant = current_tenant()
        headers = dict(options.pop("headers", None) or {})
        headers[HEADER] = {"id": str(tenant.id), "proof": sign(self.name, purpose=_PURPOSE, tenant_id=tenant.id)}
        return super().apply_async(args, kwargs, *rest, headers=headers, **options)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run inside the tenant of the message; Reject when that is missing, forged, unknown or suspended."""
        claimed: Any = getattr(self.request, HEADER, None) or (self.request.headers or {}).get(HEADER)
        try:
            tenant_id = UUID(claimed["id"])
            said = verify(claimed["proof"], purpose=_PURPOSE, tenant_id=tenant_id)
        except (TypeError, KeyError, ValueError, InvalidSignatureError) as error:
            raise self._refused("task_signature_invalid") from error
        tenant = active_tenant_by_id(tenant_id) if said == self.name else None
        if tenant is None:
            raise self._refused("task_tenant_refused")
        with inside(tenant):
            with connection.cursor() as cursor:
                cursor.execute("SELECT current_schema()")
                if cursor.fetchone() != (tenant.schema_name,):
                    raise self._refused("task_schema_missing")
            return self.in_tenant(*args, **kwargs)

    def in_tenant(self, *args: Any, **kwargs: Any) -> Any:
        """What the message asks for; the tenant is entered."""
        return super().__call__(*args, **kwargs)

    def _refused(self, code: str) -> Reject:
        """A refusal that the broker does not hand out again."""
        logger.warning(code, extra={"task": self.name})
        return Reject(code, requeue=False)
