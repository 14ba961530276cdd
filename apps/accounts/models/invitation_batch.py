"""Many invitations that were asked for at once, and how far they are."""

from typing import TypedDict

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.choices import HARMLESS, SENDING, LineOutcome
from apps.kernel.abstract_models import Identified, Timestamped


class BatchLine(TypedDict):
    """One line of the list; `outcome` is a LineOutcome: what was planned until the line's turn has come, what happened afterwards."""

    number: int
    email: str
    name: str
    role: str
    team: str
    outcome: str


class InvitationBatch(Identified, Timestamped):
    """A list of people as it was confirmed. Its id is chosen before it is sent: the same list sent twice is one batch."""

    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("asked by")
    )
    lines = models.JSONField(_("lines"), default=list)
    renews = models.BooleanField(_("new links for those who are invited already"), default=False)
    makes_teams = models.BooleanField(_("make teams that are missing"), default=False)
    done_count = models.PositiveIntegerField(_("lines done"), default=0)

    class Meta:
        verbose_name = _("list of invitations")
        verbose_name_plural = _("lists of invitations")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.done_count}/{len(self.lines)}"

    @property
    def is_done(self) -> bool:
        """Every line has had its turn."""
        return self.done_count >= len(self.lines)

    @property
    def invited_count(self) -> int:
        """Lines by which somebody was invited."""
        return sum(line["outcome"] in {LineOutcome.INVITED, LineOutcome.RENEWED} for line in self.lines)

    @property
    def problem_count(self) -> int:
        """Lines that somebody should look at."""
        return sum(line["outcome"] not in HARMLESS | SENDING for line in self.lines)
