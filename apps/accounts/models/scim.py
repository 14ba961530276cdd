"""Provisioning by SCIM: the token with which a provider's directory comes, and what it says about each person."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.choices import SubjectSource
from apps.accounts.models.sso_connection import SSOConnection
from apps.accounts.models.user import normal_email
from apps.kernel.abstract_models import Identified, Timestamped

LONGEST_TEXT = 255


class SCIMAccess(Identified, Timestamped):
    """The one token of a connection. Only a digest is stored; the token itself is shown once."""

    connection = models.OneToOneField(SSOConnection, on_delete=models.CASCADE, related_name="scim_access")
    prefix = models.CharField(_("starts with"), max_length=20, db_index=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    subject_source = models.CharField(
        _("the provider's name for a person at sign-in"),
        max_length=20,
        choices=SubjectSource.choices,
        default=SubjectSource.USER_NAME,
    )
    expires_at = models.DateTimeField(_("expires"))
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("provisioning token")
        verbose_name_plural = _("provisioning tokens")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(subject_source__in=SubjectSource.values), name="scim_subject_source_is_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.connection} ({self.prefix}…)"

    def is_usable(self, at: datetime) -> bool:
        """Neither revoked nor expired at this time."""
        return self.revoked_at is None and self.expires_at > at


class SCIMPerson(Identified, Timestamped):
    """What the directory of one connection says about one person. The person's own row says what holds here."""

    connection = models.ForeignKey(SSOConnection, on_delete=models.CASCADE, related_name="scim_people")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="scim_rows", verbose_name=_("person")
    )
    user_name = models.CharField(_("userName"), max_length=LONGEST_TEXT)
    user_name_key = models.CharField(max_length=LONGEST_TEXT, editable=False)
    external_id = models.CharField(_("externalId"), max_length=LONGEST_TEXT, blank=True)
    said: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict, editable=False)
    # Only what the directory itself has taken, it may give back: an administrator's word here outranks it.
    is_deactivated_there = models.BooleanField(default=False, editable=False)
    removed_at = models.DateTimeField(_("removed"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("provisioned person")
        verbose_name_plural = _("provisioned people")
        constraints = [
            models.UniqueConstraint(fields=["connection", "person"], name="one_scim_row_a_person"),
            models.UniqueConstraint(
                fields=["connection", "user_name_key"],
                condition=models.Q(removed_at__isnull=True),
                name="one_person_a_scim_user_name",
            ),
            models.UniqueConstraint(
                fields=["connection", "external_id"],
                condition=models.Q(removed_at__isnull=True) & ~models.Q(external_id=""),
                name="one_person_a_scim_external_id",
            ),
            models.CheckConstraint(condition=~models.Q(user_name_key=""), name="scim_person_has_user_name"),
        ]

    def __str__(self) -> str:
        return f"{self.user_name} – {self.connection}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, with the form beside it in which user names are compared."""
        self.user_name_key = normal_email(self.user_name)[:LONGEST_TEXT]
        super().save(*args, **kwargs)
