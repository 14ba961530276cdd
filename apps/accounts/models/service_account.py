"""A service account: a program that belongs to the organization, not to a person. It acts by its own API keys, under its own name."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.kernel.abstract_models import Identified, Timestamped


class ServiceAccount(Identified, Timestamped):
    """What an account needs to know that is no person. Name, role and access are on the account's own row, which has the same id."""

    account = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="service_account", verbose_name=_("account")
    )
    purpose = models.CharField(_("purpose"), max_length=300)
    # People are not deleted but deactivated; who is erased leaves the account without anybody, as who has left does.
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="service_accounts",
        verbose_name=_("responsible person"),
    )

    class Meta:
        verbose_name = _("service account")
        verbose_name_plural = _("service accounts")
        constraints = [
            models.CheckConstraint(condition=models.Q(id=models.F("account_id")), name="service_account_has_one_id"),
            models.CheckConstraint(condition=~models.Q(purpose=""), name="service_account_has_purpose"),
        ]

    def __str__(self) -> str:
        return str(self.account)

    @property
    def is_orphaned(self) -> bool:
        """Has the responsible person left? (`responsible` is loaded.)"""
        return self.responsible is None or not self.responsible.is_active
