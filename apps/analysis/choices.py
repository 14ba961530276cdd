"""The words of this room as Django choices."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.analysis.rules.port import ItemType, Risk, Status


class RunState(models.TextChoices):
    """How far a run has come. Rules done: the built-in reviewer's findings are there, the model is still to be asked."""

    RUNNING = "running", _("running")
    RULES_DONE = "rules_done", _("reviewed by the rules")
    FINISHED = "finished", _("finished")


class Engine(models.TextChoices):
    """Who said it."""

    RULES = "rules", _("built-in rules")
    MODEL = "model", _("model")
    BOTH = "both", _("built-in rules and model")


STATUSES = [
    (Status.GAP.value, _("Gap")),
    (Status.SATISFIED.value, _("Satisfied")),
    (Status.NOT_APPLICABLE.value, _("Not applicable")),
    (Status.NOT_JUDGED.value, _("Not judged by the built-in rules")),
]
RISKS = [(Risk.HIGH.value, _("High")), (Risk.MEDIUM.value, _("Medium")), (Risk.LOW.value, _("Low"))]
ITEM_TYPES = [
    (ItemType.CRITICAL.value, _("Critical")),
    (ItemType.IMPORTANT.value, _("Important")),
    (ItemType.SUGGESTION.value, _("Suggestion")),
    (ItemType.POSITIVE.value, _("Strength")),
    (ItemType.QUESTION.value, _("Question")),
    (ItemType.CLARIFICATION.value, _("Clarification")),
]
