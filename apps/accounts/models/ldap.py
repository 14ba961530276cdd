"""What LDAP needs beside a connection: where the directory is, who asks it, how it names people and groups."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.choices import GroupSource, LDAPTransport
from apps.accounts.models.sso_connection import SSOConnection
from apps.kernel.abstract_models import Identified, Timestamped


class LDAPDirectory(Identified, Timestamped):
    """The organization's directory. The password of its service account is sealed; nobody else's is ever kept."""

    connection = models.OneToOneField(SSOConnection, on_delete=models.CASCADE, related_name="ldap_directory")
    servers: "ArrayField[list[str], list[str]]" = ArrayField(
        models.CharField(max_length=262), verbose_name=_("servers, in the order in which they are tried")
    )
    transport = models.CharField(
        _("encryption"), max_length=10, choices=LDAPTransport.choices, default=LDAPTransport.LDAPS
    )
    ca_certificates = models.TextField(_("certificates of the authority (PEM)"), blank=True)
    bind_dn = models.CharField(_("service account"), max_length=1024)
    bind_password_sealed = models.TextField(editable=False)
    search_base = models.CharField(_("where people are"), max_length=1024)
    user_filter = models.CharField(_("filter that finds a person"), max_length=1024)
    id_attribute = models.CharField(_("attribute that never changes"), max_length=100)
    group_source = models.CharField(
        _("groups"), max_length=10, choices=GroupSource.choices, default=GroupSource.MEMBER_OF
    )
    group_base = models.CharField(_("where groups are"), max_length=1024, blank=True)
    member_attribute = models.CharField(_("attribute of a group's members"), max_length=100, default="member")
    # The word for what stands in the way of asking for leavers; "" while nothing does. A change of it is recorded.
    trouble = models.CharField(max_length=40, blank=True, editable=False)
    last_asked_at = models.DateTimeField(_("last asked for leavers"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("directory")
        verbose_name_plural = _("directories")
        constraints = [
            models.CheckConstraint(condition=models.Q(servers__len__gt=0), name="directory_has_server"),
            models.CheckConstraint(
                condition=models.Q(transport__in=LDAPTransport.values), name="directory_transport_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(group_source__in=GroupSource.values), name="directory_group_source_is_known"
            ),
            # A bind without a name or without a password is an anonymous one, and succeeds for everybody.
            models.CheckConstraint(
                condition=~models.Q(bind_dn="") & ~models.Q(bind_password_sealed="") & ~models.Q(id_attribute=""),
                name="directory_is_never_anonymous",
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(self.servers)
