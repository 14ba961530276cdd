"""A mail domain that the organization has shown to be its own."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.kernel.abstract_models import Identified, Timestamped


class VerifiedDomain(Identified, Timestamped):
    """Only for addresses of a verified domain does a provider's word about an address find or make an account."""

    domain = models.CharField(_("mail domain"), max_length=253, unique=True)
    proof = models.CharField(_("DNS TXT record"), max_length=80, editable=False)
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("mail domain")
        verbose_name_plural = _("mail domains")
        ordering = ["domain"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(domain__regex=r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?\.[a-z0-9-]{2,}$"),
                name="mail_domain_is_canonical",
            )
        ]

    def __str__(self) -> str:
        return self.domain
