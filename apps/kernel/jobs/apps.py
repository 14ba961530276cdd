"""Job tables in each tenant."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Jobs and their stages."""

    name = "apps.kernel.jobs"
    label = "jobs"
    verbose_name = "Jobs"
