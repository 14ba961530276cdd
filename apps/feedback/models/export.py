"""A file that was made of a review."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.feedback.models.review import Review
from apps.kernel.abstract_models import Identified, Timestamped


class Export(Identified, Timestamped):
    """One file as it was made; deciding afterwards makes it out of date, not wrong."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="exports")
    file_name = models.CharField(_("file name"), max_length=255)
    stored_key = models.CharField(max_length=300, unique=True)
    size_bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    comment_count = models.PositiveIntegerField()
    decisions_digest = models.CharField(max_length=64)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.file_name
