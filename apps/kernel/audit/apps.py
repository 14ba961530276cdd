"""The audit log's table in each tenant."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Append-only audit entries."""

    name = "apps.kernel.audit"
    label = "audit"
    verbose_name = "Audit"
