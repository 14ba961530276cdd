"""Rows of this room."""

from apps.documents.models.document import Document
from apps.documents.models.section import Section
from apps.documents.models.version import Version

__all__ = ["Document", "Section", "Version"]
