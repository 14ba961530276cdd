"""The sessions of browsers: one row each, found by a digest of the key that only the browser has."""

import hashlib
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.choices import SignInWay, shown_device
from apps.accounts.models.sign_in_policy import SignInPolicy


def session_id_of(session_key: str) -> UUID:
    """The id of the session with this key. Ids are shown in lists: nobody gets from one to the key, which has 165 random bits."""
    return UUID(bytes=hashlib.sha256(session_key.encode()).digest()[:16])


def within_limits(policy: SignInPolicy, at: datetime) -> models.Q:
    """Those sessions of people that are not over at this time under this policy."""
    return models.Q(
        expires_at__gt=at,
        last_seen_at__gte=at - timedelta(seconds=policy.idle_limit_s),
        started_at__gte=at - timedelta(seconds=policy.absolute_limit_s),
    )


class BrowserSession(models.Model):
    """One browser. Without a person it holds what a visitor needs; without the row there is no session."""

    id = models.UUIDField(primary_key=True, editable=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="browser_sessions",
        verbose_name=_("person"),
        null=True,
    )
    content = models.TextField(editable=False)
    # The person's hash when they signed in: with another one now, the session is over (User.get_session_auth_hash).
    auth_hash = models.CharField(max_length=64, blank=True, editable=False)
    expires_at = models.DateTimeField()
    started_at = models.DateTimeField(_("signed in"))
    last_seen_at = models.DateTimeField(_("last seen"))
    address = models.GenericIPAddressField(_("address"), null=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    device = models.CharField(_("device"), max_length=60, blank=True)
    way = models.CharField(_("signed in by"), max_length=20, choices=SignInWay.choices, default=SignInWay.PASSWORD)
    connection_name = models.CharField(max_length=100, blank=True)

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        constraints = [
            models.CheckConstraint(condition=models.Q(way__in=SignInWay.values), name="session_way_is_known"),
        ]
        indexes = [
            models.Index(fields=["person", "-last_seen_at"], name="session_of_person"),
            models.Index(fields=["expires_at"], name="session_expires"),
        ]

    def __str__(self) -> str:
        return self.device_shown or str(self._meta.verbose_name)

    @property
    def device_shown(self) -> str:
        """The device in the reader's language."""
        return shown_device(self.device)
