"""A write-up as people know it; its files are versions."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.documents.choices import Classification
from apps.kernel.abstract_models import Identified, Timestamped

if TYPE_CHECKING:
    from apps.documents.models.version import Version


class Document(Identified, Timestamped):
    """One write-up. What state it is in is said by its job and its review, not here."""

    name = models.CharField(_("name"), max_length=255)
    classification = models.CharField(
        _("classification"), max_length=20, choices=Classification.choices, default=Classification.INTERNAL
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("uploaded by")
    )

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        indexes = [
            models.Index(fields=["-created_at"], name="document_newest"),
            models.Index(fields=["uploaded_by", "-created_at"], name="document_of_person"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(classification__in=Classification.values), name="document_classification_known"
            ),
            models.CheckConstraint(condition=~models.Q(name=""), name="document_has_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def current_version(self) -> "Version":
        """The newest file of this document; its blocks, which may be large, are read when they are asked for."""
        version = self.versions.defer("extracted").order_by("-number").first()
        if version is None:
            message = "a document has at least one version"
            raise LookupError(message)
        return version

    def stored_keys(self) -> tuple[str, ...]:
        """Where its files lie."""
        return tuple(self.versions.values_list("stored_key", flat=True))
