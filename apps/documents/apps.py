"""Documents: files, their text, their sections. Knows nothing of models or reviews."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Registers what this room reacts to and its deeds' names."""

    name = "apps.documents"
    label = "documents"

    def ready(self) -> None:
        """Wire receivers, stages and audit actions."""
        from apps.documents import audit_actions, belongings, receivers, tasks  # noqa: F401
