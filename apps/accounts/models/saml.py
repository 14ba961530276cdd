"""What SAML needs beside a connection: the provider's side, our keys, answers that wait to be collected, answers seen."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.accounts.models.sso_connection import SSOConnection
from apps.kernel.abstract_models import Identified, Timestamped


class SAMLProvider(Identified, Timestamped):
    """The identity provider as its metadata describes it, and how strictly it is used."""

    connection = models.OneToOneField(SSOConnection, on_delete=models.CASCADE, related_name="saml_provider")
    entity_id = models.CharField(_("identifier of the provider (entity ID)"), max_length=1024)
    sso_url = models.URLField(_("sign-in address of the provider"), max_length=1024)
    certificates: "ArrayField[list[str], list[str]]" = ArrayField(
        models.TextField(), verbose_name=_("signing certificates (PEM)")
    )
    signs_requests = models.BooleanField(_("we sign our requests"), default=False)
    wants_encryption = models.BooleanField(_("assertions must be encrypted"), default=False)
    allows_cbc = models.BooleanField(_("AES-CBC is allowed for encryption"), default=False)
    accepts_unasked = models.BooleanField(_("sign-in may begin at the provider"), default=False)
    own_certificate = models.TextField(_("our certificate (PEM)"), blank=True, editable=False)
    own_key_sealed = models.TextField(blank=True, editable=False)
    # While we change keys both are announced, and both open what was encrypted; the first one signs.
    second_certificate = models.TextField(_("our second certificate (PEM)"), blank=True, editable=False)
    second_key_sealed = models.TextField(blank=True, editable=False)
    wants_signed_requests = models.BooleanField(_("the provider wants signed requests"), default=False, editable=False)
    logout_url = models.URLField(_("sign-out address of the provider"), max_length=1024, blank=True)
    logout_answer_url = models.URLField(_("where our answers to a sign-out go"), max_length=1024, blank=True)
    metadata_url = models.URLField(_("address of the metadata"), max_length=1024, blank=True)
    metadata_checked_at = models.DateTimeField(_("metadata last looked at"), null=True, blank=True, editable=False)
    metadata_trouble = models.CharField(max_length=40, blank=True, editable=False)

    class Meta:
        verbose_name = _("SAML provider")
        verbose_name_plural = _("SAML providers")
        constraints = [
            models.CheckConstraint(condition=models.Q(certificates__len__gt=0), name="saml_provider_has_certificate"),
            models.CheckConstraint(condition=~models.Q(entity_id=""), name="saml_provider_has_entity_id"),
        ]

    def __str__(self) -> str:
        return self.entity_id


class CertificateWarning(Identified, Timestamped):
    """The administrators were told that a certificate ends: once a stage, in whichever process."""

    connection = models.ForeignKey(SSOConnection, on_delete=models.CASCADE, related_name="+")
    fingerprint = models.CharField(max_length=64)
    days_ahead = models.PositiveSmallIntegerField()
    ends_at = models.DateTimeField()
    is_ours = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("warning of a certificate's end")
        verbose_name_plural = _("warnings of a certificate's end")
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "fingerprint", "days_ahead"], name="one_warning_a_certificate_and_stage"
            )
        ]

    def __str__(self) -> str:
        return f"{self.connection}: {self.days_ahead}"


class AnsweredSignIn(Identified, Timestamped):
    """A good answer to a request of ours, until the browser that asked collects it. Before the answer nothing is stored."""

    connection = models.ForeignKey(SSOConnection, on_delete=models.CASCADE, related_name="+")
    request_id = models.CharField(max_length=200, unique=True)
    is_unasked = models.BooleanField(default=False)
    expires_at = models.DateTimeField()
    collected_at = models.DateTimeField(null=True)
    claims_sealed = models.TextField()

    class Meta:
        verbose_name = _("answered sign-in")
        verbose_name_plural = _("answered sign-ins")
        indexes = [models.Index(fields=["expires_at"], name="answered_sign_in_expires")]

    def __str__(self) -> str:
        return self.request_id


class SeenAssertion(Identified):
    """An assertion that has been used: the unique constraint makes every second use fail, in whichever process."""

    connection = models.ForeignKey(SSOConnection, on_delete=models.CASCADE, related_name="+")
    assertion_id = models.CharField(max_length=256)
    expires_at = models.DateTimeField()

    class Meta:
        verbose_name = _("used assertion")
        verbose_name_plural = _("used assertions")
        constraints = [models.UniqueConstraint(fields=["connection", "assertion_id"], name="an_assertion_is_used_once")]
        indexes = [models.Index(fields=["expires_at"], name="seen_assertion_expires")]

    def __str__(self) -> str:
        return self.assertion_id
