"""A group as the directory of a connection keeps it; what it means here the connection's group rules say."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.models.scim import LONGEST_TEXT, SCIMPerson
from apps.accounts.models.sso_connection import SSOConnection
from apps.kernel.abstract_models import Identified, Timestamped


class SCIMGroup(Identified, Timestamped):
    """One group. A rule finds it by its name or by its externalId: providers send the one or the other at sign-in."""

    connection = models.ForeignKey(SSOConnection, on_delete=models.CASCADE, related_name="scim_groups")
    display_name = models.CharField(_("displayName"), max_length=LONGEST_TEXT)
    external_id = models.CharField(_("externalId"), max_length=LONGEST_TEXT, blank=True)
    members: "models.ManyToManyField[SCIMPerson, SCIMMembership]" = models.ManyToManyField(
        SCIMPerson, through="accounts.SCIMMembership", related_name="groups", verbose_name=_("members")
    )

    class Meta:
        verbose_name = _("provisioned group")
        verbose_name_plural = _("provisioned groups")
        ordering = ["display_name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["connection", "display_name"], name="one_scim_group_a_name"),
            models.UniqueConstraint(
                fields=["connection", "external_id"],
                condition=~models.Q(external_id=""),
                name="one_scim_group_an_external_id",
            ),
            models.CheckConstraint(condition=~models.Q(display_name=""), name="scim_group_has_name"),
        ]

    def __str__(self) -> str:
        return f"{self.display_name} – {self.connection}"


class SCIMMembership(Identified, Timestamped):
    """One person in one group of the directory."""

    group = models.ForeignKey(SCIMGroup, on_delete=models.CASCADE, related_name="memberships")
    member = models.ForeignKey(SCIMPerson, on_delete=models.CASCADE, related_name="memberships")

    class Meta:
        verbose_name = _("membership of a provisioned group")
        verbose_name_plural = _("memberships of provisioned groups")
        constraints = [models.UniqueConstraint(fields=["group", "member"], name="one_scim_membership_a_group")]

    def __str__(self) -> str:
        return f"{self.member} – {self.group}"
