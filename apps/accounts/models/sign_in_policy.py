"""How strictly the organization lets its people in."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.choices import RiskMode, SecondFactorRule
from apps.kernel.abstract_models import Identified, Timestamped

LONGEST_IDLE_S = 12 * 3600
LONGEST_SESSION_S = 7 * 24 * 3600
SHORTEST_LIMIT_S = 5 * 60
LEAST_RISK = 0.05


class SignInPolicy(Identified, Timestamped):
    """The one row of an organization; without it the defaults hold."""

    second_factor = models.CharField(
        _("second factor"), max_length=10, choices=SecondFactorRule.choices, default=SecondFactorRule.NOBODY
    )
    requires_sso = models.BooleanField(_("single sign-on only"), default=False)
    idle_limit_s = models.PositiveIntegerField(_("session ends when idle for (seconds)"), default=30 * 60)
    absolute_limit_s = models.PositiveIntegerField(_("session ends after (seconds)"), default=12 * 3600)
    risk_mode = models.CharField(_("risky sign-ins"), max_length=10, choices=RiskMode.choices, default=RiskMode.OBSERVE)
    step_up_risk = models.FloatField(_("risk from which a second factor is asked for"), default=0.3)
    deny_risk = models.FloatField(_("risk from which sign-in is denied"), default=0.7)
    is_only = models.BooleanField(default=True, editable=False)

    class Meta:
        verbose_name = _("sign-in policy")
        verbose_name_plural = _("sign-in policies")
        constraints = [
            models.UniqueConstraint(fields=["is_only"], name="one_sign_in_policy"),
            models.CheckConstraint(condition=models.Q(is_only=True), name="sign_in_policy_is_only"),
            models.CheckConstraint(
                condition=models.Q(second_factor__in=SecondFactorRule.values), name="second_factor_rule_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(idle_limit_s__range=(SHORTEST_LIMIT_S, LONGEST_IDLE_S)),
                name="idle_limit_is_sensible",
            ),
            models.CheckConstraint(
                condition=models.Q(absolute_limit_s__range=(SHORTEST_LIMIT_S, LONGEST_SESSION_S)),
                name="absolute_limit_is_sensible",
            ),
            models.CheckConstraint(condition=models.Q(risk_mode__in=RiskMode.values), name="risk_mode_is_known"),
            models.CheckConstraint(
                condition=models.Q(step_up_risk__gt=0, deny_risk__lte=1, deny_risk__gt=models.F("step_up_risk")),
                name="risk_thresholds_are_ordered",
            ),
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)
