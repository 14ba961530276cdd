"""An invitation: an address, a role, perhaps a team, and until when. The link in the mail names this row and is signed."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.capabilities import RoleName
from apps.accounts.choices import ROLE_CHOICES
from apps.accounts.models.team import Team
from apps.kernel.abstract_models import Identified, Timestamped


class Invitation(Identified, Timestamped):
    """Good for one account, once. An address has at most one open invitation."""

    email = models.EmailField(_("e-mail address"), max_length=254)
    email_key = models.CharField(max_length=254, editable=False)
    name = models.CharField(_("name"), max_length=150, blank=True)
    role = models.CharField(_("role"), max_length=20, choices=ROLE_CHOICES)
    team = models.ForeignKey(
        Team, on_delete=models.SET_NULL, null=True, related_name="invitations", verbose_name=_("team")
    )
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="invitations_sent"
    )
    expires_at = models.DateTimeField(_("expires"))
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(role__in=[role.value for role in RoleName]), name="invitation_role_is_known"
            ),
            models.UniqueConstraint(
                fields=["email_key"],
                condition=models.Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="one_open_invitation_an_address",
            ),
        ]

    def __str__(self) -> str:
        return self.email

    def is_open(self, at: datetime) -> bool:
        """Can it still be accepted at this time?"""
        return self.accepted_at is None and self.revoked_at is None and self.expires_at > at
