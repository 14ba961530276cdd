"""A finding put to people, or a remark written by hand."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.analysis.choices import ITEM_TYPES, RISKS
from apps.analysis.rules.port import ItemType
from apps.documents.models import Section
from apps.feedback.choices import ItemState
from apps.feedback.models.review import Review
from apps.kernel.abstract_models import Identified, Timestamped


class Item(Identified, Timestamped):
    """One item with the exact words it is about: section.text[start:end] == quote; an empty quote means the section as a whole.

    `description` and `suggestion` are as the engine or the author wrote them; a rewording keeps them and stands beside them.
    """

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="items")
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="items")
    fingerprint = models.CharField(max_length=64)
    points = models.JSONField(default=list)
    type = models.CharField(_("type"), max_length=20, choices=ITEM_TYPES)
    risk = models.CharField(_("risk"), max_length=10, choices=RISKS)
    confidence = models.FloatField(_("confidence"), default=1.0)
    start = models.PositiveIntegerField(default=0)
    end = models.PositiveIntegerField(default=0)
    quote = models.TextField(blank=True)
    kind = models.CharField(max_length=40, blank=True)
    description = models.TextField(_("description"))
    suggestion = models.TextField(_("suggestion"), blank=True)
    example = models.TextField(_("example"), blank=True)
    questions = models.JSONField(default=list)
    engine = models.CharField(max_length=10, blank=True)
    model_id = models.CharField(max_length=200, blank=True)
    prompt_version = models.CharField(max_length=60, blank=True)
    is_cached = models.BooleanField(default=False)
    is_hidden = models.BooleanField(default=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=ItemState.choices, default=ItemState.OPEN)
    reworded_description = models.TextField(blank=True)
    reworded_suggestion = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("item")
        verbose_name_plural = _("items")
        ordering = ["section__index", "start", "id"]
        indexes = [models.Index(fields=["review", "state"], name="item_state_in_review")]
        constraints = [
            models.UniqueConstraint(fields=["review", "fingerprint"], name="item_once_a_review"),
            models.CheckConstraint(condition=models.Q(end__gte=models.F("start")), name="item_span_is_forward"),
            models.CheckConstraint(
                condition=models.Q(author__isnull=True) & ~models.Q(engine="")
                | models.Q(author__isnull=False, engine=""),
                name="item_has_one_source",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.points}"

    @property
    def is_own_remark(self) -> bool:
        """Written by a person rather than found by an engine."""
        return self.author_id is not None

    @property
    def shown_description(self) -> str:
        """As a person reworded it, else as it was written."""
        return self.reworded_description or self.description

    @property
    def shown_suggestion(self) -> str:
        """As a person reworded it, else as it was written."""
        return self.reworded_suggestion or self.suggestion

    @property
    def tone(self) -> str:
        """The name of the colour of its mark and its card."""
        if self.is_own_remark:
            return "own"
        return "positive" if self.type == ItemType.POSITIVE else self.risk.lower()
