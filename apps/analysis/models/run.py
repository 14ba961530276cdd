"""One review of one document version by one set of engines."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.analysis.choices import RunState
from apps.analysis.models.framework import Framework
from apps.documents.models import Version
from apps.kernel.abstract_models import Identified, Timestamped
from apps.kernel.http.error_sentences import sentence_for_people


class Run(Identified, Timestamped):
    """What was asked of whom, and what it cost. One a job, so that a resumed job goes on in its run.

    `rules_only_sections` are those that no model (or only in part) has read, each with the reason's code; see RulesOnlySection.
    A cost of None is not known, which is not the same as nothing.
    """

    job_id = models.UUIDField(unique=True, editable=False)
    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="runs")
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="runs")
    state = models.CharField(_("state"), max_length=12, choices=RunState.choices, default=RunState.RUNNING)
    engines = models.JSONField(default=list)
    settings_digest = models.CharField(max_length=64)
    model_id = models.CharField(max_length=200, blank=True)
    prompt_version = models.CharField(max_length=60, blank=True)
    model_problem_code = models.CharField(max_length=60, blank=True)
    sections_without_model = models.PositiveIntegerField(default=0)
    rules_only_sections = models.JSONField(default=list)
    hidden_count = models.PositiveIntegerField(default=0)
    duplicate_count = models.PositiveIntegerField(default=0)
    unlocated_quote_count = models.PositiveIntegerField(default=0)
    defects = models.JSONField(default=list)
    model_calls = models.PositiveIntegerField(default=0)
    cached_replies = models.PositiveIntegerField(default=0)
    tokens_in = models.PositiveIntegerField(default=0)
    tokens_out = models.PositiveIntegerField(default=0)
    cost_usd_cents = models.DecimalField(max_digits=14, decimal_places=6, null=True)
    timings_s = models.JSONField(default=dict)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("run")
        verbose_name_plural = _("runs")
        indexes = [models.Index(fields=["version", "-created_at"], name="run_newest_of_version")]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def model_problem_sentence(self) -> str:
        """Why not everything was read by a model, in the reader's language; "" when it was."""
        return sentence_for_people(self.model_problem_code)
