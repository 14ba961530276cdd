"""The words of the control plane."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TenantState(models.TextChoices):
    """What a tenant may do."""

    PROVISIONING = "provisioning", _("being set up")
    ACTIVE = "active", _("active")
    SUSPENDED = "suspended", _("suspended")
    DELETING = "deleting", _("being deleted")
