"""The organization's look as every page needs it: a few plain words, kept in the shared cache under the organization's own key."""

import hashlib
import logging
from dataclasses import asdict, dataclass
from typing import Any

from django.core.cache import cache
from django.db import DatabaseError
from django.urls import reverse
from redis.exceptions import RedisError

from apps.accounts.colours import Scheme, palette
from apps.accounts.models import Branding
from apps.kernel.database.outage import is_known_to_be_out
from apps.kernel.errors import NotFoundError
from apps.kernel.tenancy.cache_keys import tenant_key
from apps.kernel.tenancy.context import tenant_or_none

_KEPT_S = 60

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Look:
    """What is empty looks as the product does."""

    display_name: str = ""
    sign_in_text: str = ""
    light_accent: str = ""
    dark_accent: str = ""
    sender_name: str = ""
    reply_to: str = ""
    logo_tag: str = ""

    @property
    def name(self) -> str:
        """What the organization calls itself."""
        tenant = tenant_or_none()
        return self.display_name or (tenant.name if tenant is not None else "")

    @property
    def logo_url(self) -> str:
        """Where the logo is; empty without one. Another logo has another address, so a browser may keep it for ever."""
        return f"{reverse('accounts:look_logo')}?v={self.logo_tag}" if self.logo_tag else ""

    @property
    def style_url(self) -> str:
        """Where the colours are; empty without any."""
        return f"{reverse('accounts:look_style')}?v={self.style_tag()}" if self.style_sheet() else ""

    def style_tag(self) -> str:
        """Changes with the colours."""
        return hashlib.sha256(self.style_sheet().encode()).hexdigest()[:16]

    def style_sheet(self) -> str:
        """The values of tokens.css that are the organization's own."""
        light = _values(":root, [data-bs-theme=light]", self.light_accent, Scheme.LIGHT)
        return light + _values("[data-bs-theme=dark]", self.dark_accent, Scheme.DARK)


def look_here() -> Look:
    """The look of the organization that is entered; the product's own without one, or while it cannot be asked."""
    if tenant_or_none() is None or is_known_to_be_out():
        return Look()
    kept = _kept()
    if kept is not None:
        return Look(**kept)
    try:
        found = look_of(Branding.objects.defer("logo").first())
    except DatabaseError:
        # An error page is drawn with it, too.
        return Look()
    keep_look(found)
    return found


def saved_look() -> Look:
    """The organization's look as it is in the database, for the page on which it is changed."""
    return look_of(Branding.objects.defer("logo").first())


def logo_here() -> tuple[bytes, str]:
    """The organization's logo, a PNG, and the tag that changes with it; NotFoundError without one."""
    row = Branding.objects.only("logo", "logo_tag").exclude(logo=None).first()
    if row is None:
        raise NotFoundError
    return bytes(row.logo or b""), row.logo_tag


def look_of(row: Branding | None) -> Look:
    """The row as pages need it."""
    return Look() if row is None else Look(**{name: getattr(row, name) for name in Look.__dataclass_fields__})


def keep_look(look: Look) -> None:
    """Put it into the cache; without a cache every page asks the database."""
    try:
        cache.set(_key(), asdict(look), timeout=_KEPT_S)
    except RedisError as error:
        logger.warning("look_not_kept", extra={"reason": type(error).__name__})


def _kept() -> dict[str, Any] | None:
    try:
        kept: dict[str, Any] | None = cache.get(_key())
    except RedisError as error:
        logger.warning("look_not_kept", extra={"reason": type(error).__name__})
        return None
    # What an older release has put there may have other names.
    return kept if kept is not None and kept.keys() == Look.__dataclass_fields__.keys() else None


def _key() -> str:
    return tenant_key("look")


def _values(selector: str, accent: str, scheme: Scheme) -> str:
    if not accent:
        return ""
    drawn = palette(accent, scheme)
    return (
        f"{selector} {{ --brand: {drawn.accent}; --brand-strong: {drawn.strong}; --brand-soft: {drawn.soft}; "
        f"--brand-ink: {drawn.upon}; --focus: {drawn.accent}; }}\n"
    )
