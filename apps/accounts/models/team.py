"""Teams: who works with whom. A team lead answers for the documents of the own teams."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.kernel.abstract_models import Identified, Timestamped


class Team(Identified, Timestamped):
    """A group of people of one organization."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    members: "models.ManyToManyField[models.Model, Membership]" = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="accounts.Membership", related_name="teams", verbose_name=_("members")
    )

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Membership(Identified, Timestamped):
    """One person in one team."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("person")
    )

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [models.UniqueConstraint(fields=["team", "user"], name="one_membership_a_team")]

    def __str__(self) -> str:
        return f"{self.user} – {self.team}"
