"""Job: one run of a pipeline for one subject. StageRun: one of its stages, with the lease of the worker that has it.

KeptCall: a task that is still to be run.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.kernel.abstract_models import Identified, Timestamped
from apps.kernel.clock import now
from apps.kernel.errors import error_of_code
from apps.kernel.http.error_sentences import sentence_for_people
from apps.kernel.jobs.choices import ACTIVE_STATES, JobState, StageState


class Job(Identified, Timestamped):
    """What people see of a piece of work. At most one is active for a pipeline and subject."""

    pipeline = models.CharField(_("pipeline"), max_length=40)
    subject_id = models.UUIDField(_("subject"))
    state = models.CharField(_("state"), max_length=12, choices=JobState.choices, default=JobState.QUEUED)
    requested_by = models.UUIDField(_("requested by"), null=True)
    cancel_requested_at = models.DateTimeField(_("cancel requested"), null=True)
    error_code = models.CharField(_("error"), max_length=80, blank=True)
    error_fields = models.JSONField(_("error fields"), default=dict)
    started_at = models.DateTimeField(_("started"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["-id"]
        indexes = [models.Index(fields=["subject_id", "-id"], name="job_subject")]
        constraints = [
            models.UniqueConstraint(
                fields=["pipeline", "subject_id"],
                condition=models.Q(state__in=ACTIVE_STATES),
                name="job_one_active_for_subject",
            ),
            models.CheckConstraint(condition=models.Q(state__in=JobState.values), name="job_state_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.pipeline} {self.id}"

    @property
    def is_active(self) -> bool:
        """Whether work is still to be done."""
        return self.state in ACTIVE_STATES

    @property
    def error_sentence(self) -> str:
        """Why it ended badly, in the reader's language; "" for one that did not."""
        return sentence_for_people(self.error_code, self.error_fields)

    @property
    def may_end_better(self) -> bool:
        """Whether the same work again may end better: what is wrong with a file stays wrong with it."""
        return error_of_code(self.error_code).may_pass


class StageRun(models.Model):
    """One stage of a job. `fence` grows with every claim: a worker that holds an older one may not write its outcome."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="stages")
    ordinal = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("stage"), max_length=80)
    state = models.CharField(_("state"), max_length=12, choices=StageState.choices, default=StageState.WAITING)
    attempt = models.PositiveSmallIntegerField(_("attempts"), default=0)
    crashes = models.PositiveSmallIntegerField(_("crashes"), default=0)
    fence = models.PositiveBigIntegerField(_("fence"), default=0)
    lease_until = models.DateTimeField(_("leased until"), null=True)
    not_before = models.DateTimeField(_("not before"), default=now)
    woken_at = models.DateTimeField(_("worker woken"), null=True)
    done = models.PositiveIntegerField(_("done"), default=0)
    total = models.PositiveIntegerField(_("of"), default=0)
    furthest = models.PositiveIntegerField(_("furthest"), default=0)
    note = models.CharField(_("note"), max_length=200, blank=True)
    error_code = models.CharField(_("error"), max_length=80, blank=True)
    started_at = models.DateTimeField(_("started"), null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        ordering = ["job_id", "ordinal"]
        indexes = [
            models.Index(fields=["not_before"], condition=models.Q(state="queued"), name="stage_run_queued"),
            models.Index(fields=["lease_until"], condition=models.Q(state="running"), name="stage_run_leased"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["job", "ordinal"], name="stage_run_once_a_job"),
            models.CheckConstraint(condition=models.Q(state__in=StageState.values), name="stage_run_state_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.state})"


class KeptCall(Identified):
    """A call of a task that a lost message must not lose; removed when it is made or given up. Its id is that of the message."""

    task = models.CharField(_("task"), max_length=120)
    arguments = models.JSONField(_("arguments"), default=list)
    called_at = models.DateTimeField(_("called"), default=now, editable=False)
    due_at = models.DateTimeField(_("sent again from"))
    taken_until = models.DateTimeField(_("taken until"), null=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    sent = models.PositiveSmallIntegerField(_("times sent"), default=1)

    class Meta:
        verbose_name = _("call of a task")
        verbose_name_plural = _("calls of tasks")
        ordering = ["id"]
        indexes = [models.Index(fields=["due_at"], name="kept_call_due")]

    def __str__(self) -> str:
        return f"{self.task} {self.id}"
