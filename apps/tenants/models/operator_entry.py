"""What platform operators did: the control plane's own record. The database itself refuses to change or delete entries (first migration)."""

from django.db import models

from apps.kernel.abstract_models import Identified
from apps.kernel.clock import now


class OperatorEntry(Identified):
    """One deed. A tenant's own audit is not in this schema, and outlives neither the tenant nor this entry."""

    at = models.DateTimeField(default=now, editable=False)
    action = models.CharField(max_length=60)
    actor = models.CharField(max_length=254)
    tenant_slug = models.CharField(max_length=40)
    detail = models.JSONField(default=dict)

    class Meta:
        ordering = ["-at"]
        verbose_name = "operator entry"
        verbose_name_plural = "operator entries"

    def __str__(self) -> str:
        return f"{self.action} {self.tenant_slug}"
