"""How the organization looks: to those who sign in, to those who work here, and to those who get its mail."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.kernel.abstract_models import Identified, Timestamped

LONGEST_DISPLAY_NAME = 100
LONGEST_SIGN_IN_TEXT = 500


class Branding(Identified, Timestamped):
    """The one row of an organization; without it, and for what is empty, the product's own look holds."""

    display_name = models.CharField(_("display name"), max_length=LONGEST_DISPLAY_NAME, blank=True)
    sign_in_text = models.TextField(_("text of the sign-in page"), max_length=LONGEST_SIGN_IN_TEXT, blank=True)
    light_accent = models.CharField(_("colour on light ground"), max_length=7, blank=True)
    dark_accent = models.CharField(_("colour on dark ground"), max_length=7, blank=True)
    sender_name = models.CharField(_("name of the sender of mail"), max_length=LONGEST_DISPLAY_NAME, blank=True)
    reply_to = models.EmailField(_("address for replies to mail"), max_length=254, blank=True)
    logo = models.BinaryField(null=True, editable=False)
    logo_tag = models.CharField(max_length=16, blank=True, editable=False)
    is_only = models.BooleanField(default=True, editable=False)

    class Meta:
        verbose_name = _("look")
        verbose_name_plural = _("looks")
        constraints = [
            models.UniqueConstraint(fields=["is_only"], name="one_branding"),
            models.CheckConstraint(condition=models.Q(is_only=True), name="branding_is_only"),
            models.CheckConstraint(
                condition=models.Q(light_accent__regex=r"^(#[0-9a-f]{6})?$", dark_accent__regex=r"^(#[0-9a-f]{6})?$"),
                name="branding_colours_are_colours",
            ),
            models.CheckConstraint(
                condition=models.Q(logo__isnull=True, logo_tag="")
                | models.Q(logo__isnull=False) & ~models.Q(logo_tag=""),
                name="branding_logo_has_tag",
            ),
        ]

    def __str__(self) -> str:
        return self.display_name or str(self._meta.verbose_name)
