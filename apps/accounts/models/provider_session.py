"""What a provider calls a session of ours: with these words it ends it, and we ask it to end its own."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.models.browser_session import BrowserSession
from apps.accounts.models.sso_connection import SSOConnection
from apps.kernel.abstract_models import Identified, Timestamped


class ProviderSession(Identified, Timestamped):
    """A browser's session that began at a provider. Gone with either of the two.

    Found by digests of the provider's words; the words themselves are sealed, for the way back.
    """

    session = models.OneToOneField(BrowserSession, on_delete=models.CASCADE, related_name="provider_session")
    connection = models.ForeignKey(SSOConnection, on_delete=models.CASCADE, related_name="+")
    subject_digest = models.CharField(max_length=64)
    index_digest = models.CharField(max_length=64, blank=True)
    words_sealed = models.TextField()

    class Meta:
        verbose_name = _("session at a provider")
        verbose_name_plural = _("sessions at providers")
        indexes = [models.Index(fields=["connection", "subject_digest"], name="provider_session_of_subject")]

    def __str__(self) -> str:
        return str(self.connection)
