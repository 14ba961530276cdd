"""Reading the audit log. Who may ask is decided by the caller's room."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext

from apps.kernel.audit.actions import UnknownActionError, sentence_for, shown_detail
from apps.kernel.audit.models import AuditEntry


def entries_for(target_id: UUID) -> QuerySet[AuditEntry]:
    """What was done to one object, newest first."""
    return AuditEntry.objects.filter(target_id=target_id)


def entries_between(start: datetime, end: datetime) -> QuerySet[AuditEntry]:
    """Entries with start <= at < end, newest first."""
    return AuditEntry.objects.filter(at__gte=start, at__lt=end)


def entries_by(actor_id: UUID) -> QuerySet[AuditEntry]:
    """What one person did, newest first."""
    return AuditEntry.objects.filter(actor_id=actor_id)


def described(entry: AuditEntry) -> str:
    """The entry as a translated sentence; the bare action name when its room is gone or the detail does not fit."""
    values: Mapping[str, object] = {
        **{name: shown_detail(name, value) for name, value in entry.detail.items()},
        "actor": entry.actor_name or gettext("AI-Prism"),
    }
    try:
        return gettext(sentence_for(entry.action)) % values
    except (UnknownActionError, KeyError, ValueError, TypeError):
        return entry.action
