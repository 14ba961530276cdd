"""Sign-ins whose risk was judged: what was seen, what it weighed, what came of it."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.choices import RiskVerdict, SignInWay, shown_device
from apps.kernel.abstract_models import Identified


class JudgedSignIn(Identified):
    """One sign-in by somebody who had shown a password, a passkey or a provider's word. A wrong password leaves no row."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="judged_sign_ins", verbose_name=_("person")
    )
    at = models.DateTimeField(_("when"))
    way = models.CharField(_("signed in by"), max_length=20, choices=SignInWay.choices)
    address = models.GenericIPAddressField(_("address"), null=True)
    device = models.CharField(_("device"), max_length=60, blank=True)
    device_mark = models.CharField(max_length=64, editable=False)
    country = models.CharField(_("country"), max_length=2, blank=True)
    latitude = models.FloatField(null=True, editable=False)
    longitude = models.FloatField(null=True, editable=False)
    score = models.FloatField(_("risk"))
    reasons = models.JSONField(default=list, editable=False)
    verdict = models.CharField(_("verdict"), max_length=10, choices=RiskVerdict.choices)
    # False: the organization only watches, and nothing was done about it.
    is_enforced = models.BooleanField()
    came_in_at = models.DateTimeField(null=True)
    code_sent_at = models.DateTimeField(null=True, editable=False)
    code_used_at = models.DateTimeField(null=True, editable=False)
    let_in_until = models.DateTimeField(null=True, editable=False)
    let_in_used_at = models.DateTimeField(null=True, editable=False)
    disowned_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("judged sign-in")
        verbose_name_plural = _("judged sign-ins")
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(verdict__in=RiskVerdict.values), name="risk_verdict_is_known"),
            models.CheckConstraint(condition=models.Q(way__in=SignInWay.values), name="judged_way_is_known"),
            models.CheckConstraint(condition=models.Q(score__range=(0, 1)), name="risk_is_from_0_to_1"),
        ]
        indexes = [
            models.Index(fields=["person", "-at"], name="judged_sign_in_of_person"),
            models.Index(fields=["at"], name="judged_sign_in_at"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.device_shown}"

    @property
    def device_shown(self) -> str:
        """The device in the reader's language."""
        return shown_device(self.device)

    @property
    def was_stopped(self) -> bool:
        """Was nobody let in?"""
        return self.is_enforced and self.verdict == RiskVerdict.DENY

    def is_let_in(self, at: datetime) -> bool:
        """Has an administrator said that the person may come in once, which has not happened yet?"""
        return self.let_in_until is not None and self.let_in_used_at is None and at < self.let_in_until
