"""A host name and the tenant it belongs to, stored in canonical form."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.kernel.abstract_models import Identified, Timestamped
from apps.tenants.models.tenant import Tenant


class Domain(Identified, Timestamped):
    """One host. Lower case, no port, no trailing dot: the unique index is then blind to case and dots."""

    domain = models.CharField(_("host name"), max_length=253, unique=True)
    tenant = models.ForeignKey(Tenant, on_delete=models.CASCADE, related_name="domains")
    is_primary = models.BooleanField(_("used in links"), default=True)

    class Meta:
        verbose_name = _("host name")
        verbose_name_plural = _("host names")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(domain__regex=r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$"), name="domain_is_canonical"
            ),
            models.UniqueConstraint(fields=["tenant"], condition=models.Q(is_primary=True), name="one_primary_domain"),
        ]

    def __str__(self) -> str:
        return self.domain
