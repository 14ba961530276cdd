"""The words of this room as Django choices."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.documents.blocks.port import FileKind


class Classification(models.TextChoices):
    """Who a document is meant for."""

    PUBLIC = "public", _("Public")
    INTERNAL = "internal", _("Internal")
    CONFIDENTIAL = "confidential", _("Confidential")
    RESTRICTED = "restricted", _("Restricted")


FILE_KINDS = [(kind.value, kind.value.upper()) for kind in FileKind]
