"""A line of refresh tokens: each takes the place of the one before, and one that comes back betrays a theft."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.kernel.abstract_models import Identified, Timestamped


class TokenFamily(Identified, Timestamped):
    """All tokens that descend from one sign-in of a program. Tokens themselves are kept nowhere."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="token_families", verbose_name=_("person")
    )
    # The person's epoch at the beginning: with another one now, every token of the family is dead.
    epoch = models.PositiveIntegerField(editable=False)
    # The browser session that asked, if one did: its end is the family's end. A value, for the session's row goes.
    session_id = models.UUIDField(null=True, editable=False)
    device = models.CharField(max_length=64, editable=False)
    program = models.CharField(_("program"), max_length=60, blank=True, editable=False)
    last_used_at = models.DateTimeField(_("last used"), editable=False)
    last_network = models.CharField(_("last used from"), max_length=50, blank=True, editable=False)
    current = models.UUIDField(editable=False)
    previous = models.UUIDField(null=True, editable=False)
    rotated_at = models.DateTimeField(editable=False)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("token family")
        verbose_name_plural = _("token families")
        indexes = [
            models.Index(fields=["expires_at"], name="token_family_expires"),
            models.Index(fields=["session_id"], name="token_family_session"),
            models.Index(fields=["person", "-last_used_at"], name="token_family_of_person"),
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    def is_good(self) -> bool:
        """Not revoked, and its person has neither left nor changed since (`person` is loaded)."""
        return self.revoked_at is None and self.person.is_active and self.person.session_epoch == self.epoch
