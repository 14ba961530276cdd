"""AuditEntry: one deed. The database itself refuses to change, delete or truncate entries (see the first migration)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.kernel.abstract_models import Identified
from apps.kernel.clock import now


class AuditEntry(Identified):
    """Who did what to which object, from where; written in the transaction of the deed.

    The actor is a value, not a foreign key: the entry outlives the person's row. Ids are time-ordered.
    """

    at = models.DateTimeField(_("when"), default=now, editable=False)
    action = models.CharField(_("action"), max_length=80, editable=False)
    actor_id = models.UUIDField(_("actor id"), null=True, editable=False)
    actor_name = models.CharField(_("actor"), max_length=200, blank=True, editable=False)
    target_id = models.UUIDField(_("object id"), null=True, editable=False)
    detail = models.JSONField(_("detail"), default=dict, editable=False)
    request_id = models.CharField(_("request id"), max_length=64, blank=True, editable=False)
    ip = models.GenericIPAddressField(_("address"), null=True, editable=False)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["target_id", "-id"], name="audit_entry_target"),
            models.Index(fields=["actor_id", "-id"], name="audit_entry_actor"),
            models.Index(fields=["at"], name="audit_entry_at"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.action}"
