"""Job tables in each tenant."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Jobs and their stages."""

    name = "apps.kernel.jobs"
    label = "jobs"
    verbose_name = "Jobs"

    def ready(self) -> None:
        """Register the tasks: a process that only sends them has to know them too."""
        from apps.kernel.jobs import tasks  # noqa: F401
