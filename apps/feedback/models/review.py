"""One reading of one document version."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.analysis.models import Run
from apps.documents.models import Version
from apps.feedback.choices import ReviewState
from apps.kernel.abstract_models import Identified, Timestamped


class Review(Identified, Timestamped):
    """The place where people decide; `run` is the newest run whose findings are in it."""

    version = models.OneToOneField(Version, on_delete=models.CASCADE, related_name="review")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="reviews")
    state = models.CharField(_("state"), max_length=10, choices=ReviewState.choices, default=ReviewState.OPEN)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="open", closed_at__isnull=True, closed_by__isnull=True)
                | models.Q(state="closed", closed_at__isnull=False, closed_by__isnull=False),
                name="review_closed_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def is_open(self) -> bool:
        """Whether people may still decide."""
        return self.state == ReviewState.OPEN
