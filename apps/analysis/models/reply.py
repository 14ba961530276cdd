"""A model's answer as it came; parsed later, so that a fault in parsing costs no tokens."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.analysis.models.run import Run
from apps.documents.models import Section
from apps.kernel.abstract_models import Identified, Timestamped


class Reply(Identified, Timestamped):
    """One answer to one window of one section."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="replies")
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="+")
    window = models.PositiveIntegerField(default=0)
    model_id = models.CharField(max_length=200)
    source = models.CharField(max_length=40)
    prompt_version = models.CharField(max_length=60)
    text = models.TextField()
    tokens_in = models.PositiveIntegerField(default=0)
    tokens_out = models.PositiveIntegerField(default=0)
    latency_s = models.FloatField(default=0)

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        constraints = [models.UniqueConstraint(fields=["run", "section", "window"], name="reply_once_a_window")]

    def __str__(self) -> str:
        return f"{self.model_id} {self.window}"
