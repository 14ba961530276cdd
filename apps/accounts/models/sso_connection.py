"""A connection to one identity provider, and what its groups mean here."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.capabilities import RoleName
from apps.accounts.choices import MAPPED_ROLE_CHOICES, ConnectionKind, ProviderPreset
from apps.accounts.models.team import Team
from apps.kernel.abstract_models import Identified, Timestamped

_MAPPED_ROLES = [value for value, _label in MAPPED_ROLE_CHOICES]


class SSOConnection(Identified, Timestamped):
    """One identity provider of the organization. What its protocol needs lies in a row of its own kind beside this one."""

    kind = models.CharField(_("protocol"), max_length=10, choices=ConnectionKind.choices)
    preset = models.CharField(
        _("provider"), max_length=20, choices=ProviderPreset.choices, default=ProviderPreset.OTHER
    )
    name = models.CharField(_("name on the sign-in page"), max_length=100)
    slug = models.SlugField(_("name in addresses"), max_length=40, unique=True)
    is_enabled = models.BooleanField(_("people can sign in with it"), default=False)
    admits_new_people = models.BooleanField(_("makes accounts for new people"), default=False)
    follows_groups = models.BooleanField(_("keeps roles and teams in step with groups"), default=False)
    default_role = models.CharField(
        _("role of new people"), max_length=20, choices=MAPPED_ROLE_CHOICES, default=RoleName.VIEWER.value
    )
    email_attribute = models.CharField(_("attribute with the e-mail address"), max_length=200, blank=True)
    name_attribute = models.CharField(_("attribute with the name"), max_length=200, blank=True)
    groups_attribute = models.CharField(_("attribute with the groups"), max_length=200, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("single sign-on connection")
        verbose_name_plural = _("single sign-on connections")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=ConnectionKind.values), name="sso_kind_is_known"),
            # An identity provider never makes an administrator.
            models.CheckConstraint(
                condition=models.Q(default_role__in=_MAPPED_ROLES), name="sso_default_role_is_unprivileged"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def login_route(self) -> str:
        """The name of the address where its way in begins, by `slug`."""
        return f"accounts:{self.kind}_login"


class GroupRule(Identified, Timestamped):
    """Who is in this group at the provider has this role, or is in this team, here."""

    connection = models.ForeignKey(SSOConnection, on_delete=models.CASCADE, related_name="rules")
    group = models.CharField(_("group at the provider"), max_length=255)
    role = models.CharField(_("role"), max_length=20, choices=MAPPED_ROLE_CHOICES, blank=True)
    team = models.ForeignKey(
        Team, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("team")
    )

    class Meta:
        verbose_name = _("group rule")
        verbose_name_plural = _("group rules")
        ordering = ["group", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "group", "team"], name="one_rule_a_group_and_team", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=["", *_MAPPED_ROLES]), name="group_rule_role_is_unprivileged"
            ),
            models.CheckConstraint(
                condition=~models.Q(role="") | models.Q(team__isnull=False), name="group_rule_says_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group} → {self.role or self.team}"
