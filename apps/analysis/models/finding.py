"""What an engine found: the source of an item."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.analysis.choices import ITEM_TYPES, RISKS, Engine
from apps.analysis.models.run import Run
from apps.documents.models import Section
from apps.kernel.abstract_models import Identified


class Finding(Identified):
    """One finding, with the exact words it is about: section.text[start:end] == quote, verified before it was written."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="findings")
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="findings")
    ordinal = models.PositiveIntegerField()
    fingerprint = models.CharField(max_length=64)
    points = models.JSONField()
    type = models.CharField(_("type"), max_length=20, choices=ITEM_TYPES)
    risk = models.CharField(_("risk"), max_length=10, choices=RISKS)
    confidence = models.FloatField(_("confidence"))
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quote = models.TextField(blank=True)
    kind = models.CharField(max_length=40, blank=True)
    description = models.TextField()
    suggestion = models.TextField(blank=True)
    example = models.TextField(blank=True)
    questions = models.JSONField(default=list)
    engine = models.CharField(max_length=10, choices=Engine.choices)
    model_id = models.CharField(max_length=200, blank=True)
    prompt_version = models.CharField(max_length=60, blank=True)
    is_cached = models.BooleanField(default=False)
    is_hidden = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["run", "ordinal"]
        constraints = [
            models.UniqueConstraint(fields=["run", "fingerprint"], name="finding_once_a_run"),
            models.CheckConstraint(condition=models.Q(end__gte=models.F("start")), name="finding_span_is_forward"),
            models.CheckConstraint(
                condition=models.Q(confidence__gte=0) & models.Q(confidence__lte=1), name="finding_confidence_in_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.points}"
