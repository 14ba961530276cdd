"""What a person decided on an item: rows are added, never changed."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.feedback.choices import Verdict
from apps.feedback.models.item import Item
from apps.kernel.abstract_models import Identified
from apps.kernel.clock import now


class Decision(Identified):
    """One decision. The database refuses to change it; the item's state is the outcome of the last one."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="decisions")
    revision = models.PositiveIntegerField()
    verdict = models.CharField(_("verdict"), max_length=10, choices=Verdict.choices)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(default=now, editable=False)
    description = models.TextField(blank=True)
    suggestion = models.TextField(blank=True)
    note = models.CharField(_("note"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ["item", "revision"]
        constraints = [models.UniqueConstraint(fields=["item", "revision"], name="decision_once_a_revision")]

    def __str__(self) -> str:
        return f"{self.verdict} {self.revision}"
