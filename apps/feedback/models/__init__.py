"""Rows of this room."""

from apps.feedback.models.decision import Decision
from apps.feedback.models.export import Export
from apps.feedback.models.item import Item
from apps.feedback.models.review import Review

__all__ = ["Decision", "Export", "Item", "Review"]
