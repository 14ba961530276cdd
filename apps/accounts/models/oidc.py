"""What OpenID Connect needs beside a connection: the provider's issuer, our registration there, and what it publishes."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.models.sso_connection import SSOConnection
from apps.kernel.abstract_models import Identified, Timestamped


class OIDCProvider(Identified, Timestamped):
    """The provider and our registration there. What it publishes is read again after ten minutes."""

    connection = models.OneToOneField(SSOConnection, on_delete=models.CASCADE, related_name="oidc_provider")
    issuer = models.CharField(_("identifier of the provider (issuer)"), max_length=1024)
    client_id = models.CharField(_("client ID"), max_length=255)
    client_secret_sealed = models.TextField(editable=False)
    scopes = models.CharField(_("scopes"), max_length=300, default="openid email profile")
    discovered = models.JSONField(default=dict, editable=False)
    discovered_at = models.DateTimeField(null=True, editable=False)
    published_keys = models.JSONField(default=list, editable=False)
    keys_read_at = models.DateTimeField(null=True, editable=False)
    # Digests of key ids that were asked for and not found, since the keys were last read in their turn.
    missed_key_ids: "ArrayField[list[str], list[str]]" = ArrayField(
        models.CharField(max_length=64), default=list, editable=False
    )
    failed_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("OpenID provider")
        verbose_name_plural = _("OpenID providers")
        constraints = [
            models.CheckConstraint(condition=~models.Q(issuer=""), name="oidc_provider_has_issuer"),
            models.CheckConstraint(condition=~models.Q(client_id=""), name="oidc_provider_has_client_id"),
            models.CheckConstraint(condition=~models.Q(client_secret_sealed=""), name="oidc_provider_has_secret"),
        ]

    def __str__(self) -> str:
        return self.issuer
