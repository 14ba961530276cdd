"""A framework as this organization uses it: the source text of one version, never edited afterwards."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.analysis.frameworks.reader import FrameworkText, read_framework
from apps.kernel.abstract_models import Identified, Timestamped


class Framework(Identified, Timestamped):
    """One version. The newest active version of a slug is what new runs use; old runs keep theirs."""

    slug = models.SlugField(_("short name"), max_length=60)
    version = models.PositiveIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=200)
    source = models.TextField(_("source"), help_text=_("YAML, validated when saved."))
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("framework")
        verbose_name_plural = _("frameworks")
        ordering = ["slug", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["slug", "version"], name="framework_version_once"),
            models.UniqueConstraint(fields=["slug"], condition=models.Q(is_active=True), name="framework_one_in_use"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.version})"

    def text(self) -> FrameworkText:
        """The points, checks and words of this version."""
        return read_framework(self.source)
