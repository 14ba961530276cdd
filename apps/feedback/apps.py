"""Feedback: what people decide about findings, and the file they take away."""

from django.apps import AppConfig


class FeedbackConfig(AppConfig):
    """Registers this room's stage and deeds' names."""

    name = "apps.feedback"
    label = "feedback"

    def ready(self) -> None:
        """Wire stages, navigation and audit actions."""
        from apps.feedback import audit_actions, belongings, navigation, tasks  # noqa: F401
