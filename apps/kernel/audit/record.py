"""Record a deed in the audit log, in the transaction of the deed itself: both are kept or none."""

from collections.abc import Mapping
from types import MappingProxyType
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser

from apps.kernel.audit.actions import sentence_for
from apps.kernel.audit.models import AuditEntry
from apps.kernel.audit.request_context import request_context

DetailValue = str | int | bool | None
_NOTHING: Mapping[str, DetailValue] = MappingProxyType({})


def record(
    action: str,
    *,
    actor: AbstractBaseUser | None,
    target: UUID | None,
    detail: Mapping[str, DetailValue] = _NOTHING,
) -> AuditEntry:
    """Append one entry and return it. `actor` None means the system itself did it.

    Raises UnknownActionError for an action that is not registered; a database error stops the deed with it.
    """
    sentence_for(action)
    context = request_context()
    return AuditEntry.objects.create(
        action=action,
        actor_id=actor.pk if actor is not None else None,
        actor_name=_name_of(actor),
        target_id=target,
        detail=dict(detail),
        request_id=context.request_id[:64],
        ip=context.ip,
    )


def _name_of(actor: AbstractBaseUser | None) -> str:
    if actor is None:
        return ""
    return str(getattr(actor, "name", "") or actor.get_username())[:200]
