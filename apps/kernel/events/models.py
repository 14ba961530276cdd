"""The outbox, and the stream that browsers follow."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.kernel.clock import now


class OutboxEvent(models.Model):
    """An event written in its service's transaction; relayed to receivers after commit, at least once."""

    seq = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(_("when"), default=now, editable=False)
    name = models.CharField(_("name"), max_length=80, editable=False)
    payload = models.JSONField(_("content"), default=dict, editable=False)
    delivered_to = models.JSONField(_("delivered to"), default=list, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, editable=False)
    not_before = models.DateTimeField(_("not before"), editable=False)
    relayed_at = models.DateTimeField(_("relayed"), null=True, editable=False)
    error_code = models.CharField(_("error"), max_length=80, blank=True, editable=False)

    class Meta:
        verbose_name = _("outgoing event")
        verbose_name_plural = _("outgoing events")
        ordering = ["seq"]
        indexes = [
            models.Index(fields=["not_before"], condition=models.Q(relayed_at__isnull=True), name="outbox_waiting")
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.name}"


class StreamEvent(models.Model):
    """One line of the tenant's stream. The order of seq is the order of commit, so whoever has n has all before n."""

    seq = models.BigAutoField(primary_key=True)
    type = models.CharField(_("type"), max_length=80, editable=False)
    at = models.DateTimeField(_("when"), default=now, editable=False)
    data = models.JSONField(_("data"), default=dict, editable=False)
    recipient_id = models.UUIDField(_("for one person alone"), null=True, editable=False)

    class Meta:
        verbose_name = _("stream event")
        verbose_name_plural = _("stream events")
        ordering = ["seq"]
        indexes = [models.Index(fields=["at"], name="stream_event_at")]

    def __str__(self) -> str:
        return f"{self.seq} {self.type}"


class StreamMark(models.Model):
    """How far the stream has been pruned; one row at most. Whoever has less than this has to load the state anew."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    pruned_through = models.BigIntegerField(_("pruned through"), default=0)

    class Meta:
        verbose_name = _("stream mark")
        verbose_name_plural = _("stream marks")
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="stream_mark_is_one_row")]

    def __str__(self) -> str:
        return str(self.pruned_through)
