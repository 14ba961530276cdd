"""A model's answer as it came; parsed later, so that a fault in parsing costs no tokens."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.analysis.models.run import Run
from apps.documents.models import Section
from apps.kernel.abstract_models import Identified, Timestamped


class Reply(Identified, Timestamped):
    """One answer about section.text[start:end], or a refusal that was billed: then `error_code` says why and the text is empty.

    `question_key` is equal for equal questions within the organization; `remarks` are the built-in reviewer's items that the
    question listed, in the order in which the answer's checks refer to them.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="replies")
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="+")
    window = models.PositiveIntegerField(default=0)
    attempt = models.PositiveSmallIntegerField(default=1)
    start = models.PositiveIntegerField(default=0)
    end = models.PositiveIntegerField(default=0)
    question_key = models.CharField(max_length=64)
    remarks = models.JSONField(default=list)
    model_id = models.CharField(max_length=200)
    source = models.CharField(max_length=40)
    prompt_version = models.CharField(max_length=60)
    is_cached = models.BooleanField(default=False)
    error_code = models.CharField(max_length=60, blank=True)
    text = models.TextField(blank=True)
    calls = models.PositiveSmallIntegerField(default=1)
    tokens_in = models.PositiveIntegerField(default=0)
    tokens_out = models.PositiveIntegerField(default=0)
    cost_usd_cents = models.DecimalField(max_digits=14, decimal_places=6, null=True)
    price_source = models.CharField(max_length=300, blank=True)
    price_read_on = models.DateField(null=True)
    latency_s = models.FloatField(default=0)

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")
        ordering = ["run", "section__index", "window", "attempt"]
        indexes = [models.Index(fields=["question_key", "-created_at"], name="reply_of_question")]
        constraints = [
            models.UniqueConstraint(fields=["run", "section", "window", "attempt"], name="reply_once_an_attempt"),
            models.CheckConstraint(condition=models.Q(end__gte=models.F("start")), name="reply_span_is_forward"),
            models.CheckConstraint(
                condition=models.Q(is_cached=False) | models.Q(tokens_in=0, tokens_out=0, calls=0),
                name="reply_from_cache_costs_nothing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model_id} {self.window}"
