"""What a person has besides a password: an authenticator app, passkeys, recovery codes."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.kernel.abstract_models import Identified, Timestamped


class AuthenticatorApp(Identified, Timestamped):
    """The seed that a person's app shares with us, sealed, and the newest step whose code was used: a code is good once."""

    owner = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="authenticator_app", verbose_name=_("owner")
    )
    sealed_seed = models.TextField(editable=False)
    used_step = models.PositiveBigIntegerField(editable=False)

    class Meta:
        verbose_name = _("authenticator app")
        verbose_name_plural = _("authenticator apps")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)


class Passkey(Identified, Timestamped):
    """The public part of one passkey. Its private part never leaves its authenticator."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="passkeys", verbose_name=_("owner")
    )
    name = models.CharField(_("name"), max_length=100)
    host = models.CharField(_("host"), max_length=253)
    credential_id = models.CharField(max_length=1400, unique=True, editable=False)
    public_part = models.BinaryField(editable=False)
    sign_count = models.PositiveBigIntegerField(default=0, editable=False)
    # Of the newest answer: of two requests with one answer, the second finds its challenge used.
    used_challenge = models.CharField(max_length=100, blank=True, editable=False)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("passkey")
        verbose_name_plural = _("passkeys")
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~models.Q(name=""), name="passkey_has_name")]

    def __str__(self) -> str:
        return self.name


class RecoveryCode(Identified, Timestamped):
    """One code that stands in for a second factor, once."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="recovery_codes", verbose_name=_("owner")
    )
    digest = models.CharField(max_length=64, editable=False)
    used_at = models.DateTimeField(_("used"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("recovery code")
        verbose_name_plural = _("recovery codes")
        constraints = [models.UniqueConstraint(fields=["owner", "digest"], name="one_recovery_code")]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)
