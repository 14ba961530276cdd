"""The states of a job and of its stages."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class JobState(models.TextChoices):
    """Where a job stands. Quarantined: its worker died or failed for no known reason too often; an operator has to look."""

    QUEUED = "queued", _("waiting")
    RUNNING = "running", _("running")
    COMPLETED = "completed", _("completed")
    FAILED = "failed", _("failed")
    QUARANTINED = "quarantined", _("stopped for inspection")
    CANCELLED = "cancelled", _("cancelled")


class StageState(models.TextChoices):
    """Where one stage stands. Waiting: an earlier stage is not done; queued: a worker may take it when its time has come."""

    WAITING = "waiting", _("waiting")
    QUEUED = "queued", _("next")
    RUNNING = "running", _("running")
    COMPLETED = "completed", _("completed")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


ACTIVE_STATES = (JobState.QUEUED, JobState.RUNNING)
