"""Who somebody is at an identity provider: never by address, always by what the provider gives to one person only."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.models.sso_connection import SSOConnection
from apps.kernel.abstract_models import Identified, Timestamped


class ExternalIdentity(Identified, Timestamped):
    """(connection, subject) is a person of ours. Addresses and names at the provider may change as they like."""

    connection = models.ForeignKey(SSOConnection, on_delete=models.CASCADE, related_name="identities")
    subject = models.CharField(_("subject"), max_length=512)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="identities", verbose_name=_("person")
    )
    last_signed_in_at = models.DateTimeField(_("last signed in"), null=True, blank=True, editable=False)
    # When a directory was last asked whether it still knows this person; other protocols are not asked.
    last_seen_there_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("identity at a provider")
        verbose_name_plural = _("identities at providers")
        constraints = [
            models.UniqueConstraint(fields=["connection", "subject"], name="one_person_a_subject"),
            models.UniqueConstraint(fields=["connection", "person"], name="one_subject_a_person"),
            models.CheckConstraint(condition=~models.Q(subject=""), name="identity_has_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.person} – {self.connection}"
