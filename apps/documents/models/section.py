"""A part of a version's text with its place in the file."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.documents.models.version import Version
from apps.documents.sectioning.drafts import HeadingTrust, SectionKind
from apps.kernel.abstract_models import Identified


class Section(Identified):
    """One section. `spans` say which characters of `text` stand in which paragraph of the file: the anchor of every item."""

    version = models.ForeignKey(Version, on_delete=models.CASCADE, related_name="sections")
    index = models.PositiveIntegerField()
    heading = models.CharField(max_length=500, blank=True)
    heading_path = models.CharField(max_length=200, blank=True)
    level = models.PositiveSmallIntegerField(default=1)
    trust = models.CharField(max_length=20, choices=[(one.value, one.value) for one in HeadingTrust])
    kind = models.CharField(max_length=20, choices=[(one.value, one.value) for one in SectionKind])
    text = models.TextField(blank=True)
    spans = models.JSONField(default=list)
    line_kinds = models.JSONField(default=list)

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["version", "index"]
        constraints = [models.UniqueConstraint(fields=["version", "index"], name="section_index_once")]

    def __str__(self) -> str:
        return self.heading or f"#{self.index}"
