"""Analysis: what the engines say about a document, measured against a framework."""

from django.apps import AppConfig


class AnalysisConfig(AppConfig):
    """Registers this room's stage, menu entry and deeds' names."""

    name = "apps.analysis"
    label = "analysis"

    def ready(self) -> None:
        """Wire stages, navigation and audit actions."""
        from apps.analysis import audit_actions, navigation, tasks  # noqa: F401
