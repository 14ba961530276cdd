"""A key with which a program acts for a person. Only a digest is stored; the key itself is shown once."""

import hashlib
import hmac
import secrets
import string
import zlib
from datetime import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.kernel.abstract_models import Identified, Timestamped

MARK = "aip_"
_ALPHABET = string.digits + string.ascii_letters
_PREFIX_LENGTH = 8
_SECRET_LENGTH = 43  # of 62 letters: 256 random bits
_CHECKSUM_LENGTH = 6
_TOKEN_LENGTH = _PREFIX_LENGTH + _SECRET_LENGTH + _CHECKSUM_LENGTH


def new_token(mark: str = MARK) -> str:
    """A fresh key: mark, prefix, secret, checksum."""
    body = mark + "".join(secrets.choice(_ALPHABET) for _ in range(_PREFIX_LENGTH + _SECRET_LENGTH))
    return body + _checksum(body)


def is_well_formed(token: str, mark: str = MARK) -> bool:
    """Is this a key of ours by its looks? A typing error or another product's key is refused without a query."""
    if len(token) != len(mark) + _TOKEN_LENGTH or not token.startswith(mark) or not token.isascii():
        return False
    return token[-_CHECKSUM_LENGTH:] == _checksum(token[:-_CHECKSUM_LENGTH])


def prefix_of(token: str, mark: str = MARK) -> str:
    """The part that people see in lists."""
    return token[: len(mark) + _PREFIX_LENGTH]


def digest_of(token: str) -> str:
    """SHA-256 in hexadecimal. A slow hash would add nothing: the key has 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()


class ApiKey(Identified, Timestamped):
    """One key of one person or service account; it may do what its scopes name and its owner still may."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_keys", verbose_name=_("owner")
    )
    name = models.CharField(_("name"), max_length=100)
    prefix = models.CharField(_("starts with"), max_length=12, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes: "ArrayField[list[str], list[str]]" = ArrayField(models.CharField(max_length=40), verbose_name=_("scopes"))
    expires_at = models.DateTimeField(_("expires"))
    # The secret of before, which is good for a while after a new one was made.
    previous_prefix = models.CharField(max_length=12, blank=True, editable=False)
    previous_digest = models.CharField(max_length=64, unique=True, null=True, editable=False)
    previous_ends_at = models.DateTimeField(_("the secret of before ends"), null=True, editable=False)
    rotated_at = models.DateTimeField(_("renewed"), null=True, editable=False)
    reminded_at = models.DateTimeField(null=True, editable=False)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True, editable=False)
    # A /24 or /64: enough to see that a key is used where it should not be, too little to follow anybody.
    last_network = models.CharField(_("last used from"), max_length=50, blank=True, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")), name="api_key_expires_later"
            ),
            models.CheckConstraint(condition=models.Q(scopes__len__gt=0), name="api_key_has_scopes"),
            models.CheckConstraint(
                condition=models.Q(previous_digest=None, previous_ends_at=None)
                | models.Q(previous_digest__isnull=False, previous_ends_at__isnull=False),
                name="api_key_of_before_ends",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def is_usable(self, at: datetime) -> bool:
        """Neither revoked nor expired at this time, and its owner is still with us."""
        return self.revoked_at is None and self.expires_at > at and self.owner.is_active

    def opens_with(self, digest: str, at: datetime) -> bool:
        """Is this the key's secret, or the one of before while that is still good?"""
        if hmac.compare_digest(self.digest, digest):
            return True
        ends_at = self.previous_ends_at
        return ends_at is not None and ends_at > at and hmac.compare_digest(self.previous_digest or "", digest)


def _checksum(body: str) -> str:
    value, letters = zlib.crc32(body.encode()), ""
    for _position in range(_CHECKSUM_LENGTH):
        value, digit = divmod(value, len(_ALPHABET))
        letters = _ALPHABET[digit] + letters
    return letters
