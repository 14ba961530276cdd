"""How a document stands on each point of its framework."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.analysis.choices import RISKS, STATUSES, Engine
from apps.analysis.models.run import Run
from apps.documents.models import Section
from apps.kernel.abstract_models import Identified


class ScorecardEntry(Identified):
    """The status of one point with its evidence; risk for gaps alone, a section for all but not_applicable.

    `engine` is who decided it. Where the other engine sees it otherwise, `other_status` and `other_reason` say so.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="scorecard")
    point = models.PositiveSmallIntegerField()
    status = models.CharField(_("status"), max_length=20, choices=STATUSES)
    risk = models.CharField(_("risk"), max_length=10, choices=RISKS, blank=True)
    confidence = models.FloatField(_("confidence"))
    section = models.ForeignKey(Section, on_delete=models.CASCADE, null=True, related_name="+")
    start = models.PositiveIntegerField(default=0)
    end = models.PositiveIntegerField(default=0)
    quote = models.TextField(blank=True)
    reason = models.TextField()
    engine = models.CharField(max_length=10, choices=Engine.choices, default=Engine.RULES)
    other_status = models.CharField(_("seen otherwise"), max_length=20, choices=STATUSES, blank=True)
    other_reason = models.TextField(blank=True)

    class Meta:
        verbose_name = _("scorecard entry")
        verbose_name_plural = _("scorecard entries")
        ordering = ["run", "point"]
        constraints = [
            models.UniqueConstraint(fields=["run", "point"], name="scorecard_point_once"),
            models.CheckConstraint(
                condition=models.Q(status="gap", risk__in=["High", "Medium", "Low"])
                | (~models.Q(status="gap") & models.Q(risk="")),
                name="scorecard_risk_for_gaps",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.point} {self.status}"
