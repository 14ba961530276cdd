"""Tasks that a lost message does not lose: the call is a row of the caller's transaction, the message only a hint.

A broker may lose what it has, or hold for an hour what went down with a connection. The sweeper sends again what is due, so a call is
made within a minute, at least once; a message that comes late finds no row and does nothing.
"""

import logging
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from celery import current_app
from celery.exceptions import Ignore
from django.db import transaction
from django.db.models import Q

from apps.kernel.clock import now
from apps.kernel.jobs.models import KeptCall
from apps.kernel.jobs.wake import send_hint
from apps.kernel.tenancy.context import current_tenant, inside
from apps.kernel.tenancy.tenant_task import TenantTask

_ANSWERED_WITHIN = timedelta(seconds=30)
_AFTER_ITS_LIMIT = timedelta(seconds=15)
# About a day without a worker, or two hours of workers that die of it.
_MOST_SENT = 100
_LONGEST_WAIT = timedelta(minutes=15)
_BATCH = 200
_LONGEST_S = 1800

logger = logging.getLogger(__name__)


class KeptTask(TenantTask):
    """A tenant's task with a time limit, called with plain arguments by position. It may run twice: it must not mind."""

    abstract = True

    def apply_async(self, args: Any = None, kwargs: Any = None, *rest: Any, **options: Any) -> Any:
        """Keep the call with the caller's transaction and send its message after commit; one that is kept already is sent at once."""
        if "task_id" in options:
            return super().apply_async(args, kwargs, *rest, **options)
        if kwargs or rest or options:
            message = f"{self.name} is called with arguments by position alone: a row keeps nothing else"
            raise TypeError(message)
        call = KeptCall.objects.create(task=self.name, arguments=list(args or ()), due_at=now() + _ANSWERED_WITHIN)
        tenant = current_tenant()

        def send() -> None:
            with inside(tenant):
                _send(call)

        transaction.on_commit(send, robust=True)
        return None

    def in_tenant(self, *args: Any, **kwargs: Any) -> Any:
        """Make the call, unless it is made already or just being made. A fault is logged and ends it: it would only come again."""
        call_id = UUID(self.request.id)
        if not _taken(call_id, for_s=self.time_limit or _LONGEST_S):
            return None
        try:
            result = super().in_tenant(*args, **kwargs)
        except Ignore:
            raise
        except Exception:
            KeptCall.objects.filter(pk=call_id).delete()
            raise
        KeptCall.objects.filter(pk=call_id).delete()
        return result

    def retry(self, *args: Any, **options: Any) -> Any:
        """Let the sweeper send it again in `countdown` seconds: a message with a date is held by one worker and goes down with it."""
        if self.max_retries is not None and self.request.retries >= self.max_retries:
            return super().retry(*args, **options)
        wait = timedelta(seconds=options.get("countdown") or self.default_retry_delay)
        KeptCall.objects.filter(pk=UUID(self.request.id)).update(
            tries=self.request.retries + 1, due_at=now() + wait, taken_until=None
        )
        raise Ignore


def send_due_calls() -> None:
    """Send again, in the current tenant, what nobody has made in time; give up on what nobody ever will."""
    due = KeptCall.objects.filter(Q(taken_until=None) | Q(taken_until__lt=now()), due_at__lte=now())
    with transaction.atomic():
        found = list(due.select_for_update(skip_locked=True).order_by("due_at")[:_BATCH])
        for call in found:
            call.sent += 1
            call.due_at = now() + min(_LONGEST_WAIT, _ANSWERED_WITHIN * call.sent)
            call.save(update_fields=["sent", "due_at"])
    for call in found:
        if call.sent > _MOST_SENT:
            logger.error("call_given_up", extra={"task": call.task, "call_id": str(call.id)})
            call.delete()
        else:
            _send(call)


def _send(call: KeptCall) -> None:
    task = current_app.tasks.get(call.task)
    if task is None:
        # Kept by newer code: it stays for a process that knows it.
        logger.warning("call_unknown", extra={"task": call.task})
        return
    options: dict[str, Any] = {"task_id": str(call.id), "retries": call.tries}
    send_hint(partial(task.apply_async, call.arguments, **options), call=str(call.id))


def _taken(call_id: UUID, *, for_s: int) -> bool:
    """Whether the call is ours to make now."""
    free = KeptCall.objects.filter(Q(taken_until=None) | Q(taken_until__lt=now()), pk=call_id)
    until = now() + timedelta(seconds=for_s) + _AFTER_ITS_LIMIT
    return bool(free.update(taken_until=until, due_at=until))
