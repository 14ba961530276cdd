"""Production: every secret is required and pages go over HTTPS alone; the process refuses to start otherwise."""

import re

from config.env import SettingError, boolean, integer, required_secret, text
from config.settings.base import *  # noqa: F403
from config.settings.parts.database import HOST_ANSWERS_KEPT_S
from config.settings.parts.language_models import LLM_MODELS
from config.settings.parts.mail import EMAIL_HOST_PASSWORD, EMAIL_USE_TLS
from config.settings.parts.security import OUTBOUND_ALLOWED
from config.settings.parts.storage import STORAGE_KEY_PROVIDER, STORAGES

_LOCAL_KEYS = "apps.kernel.storage.key_providers.LocalKeyProvider"
_REQUIRED = ("DATABASE_URL", "VALKEY_URL", "PRISM_BASE_DOMAIN", "DEFAULT_FROM_EMAIL")


def _refuse_unless(is_safe: bool, message: str) -> None:  # noqa: FBT001
    if not is_safe:
        raise SettingError(message)


def _is_random(value: str, *, fewest_characters: int) -> bool:
    """False for what somebody typed to fill the line: one character repeated is no key."""
    return len(set(value)) >= fewest_characters


for _name in _REQUIRED:
    _refuse_unless(bool(text(_name)), f"{_name} is required in production")
# Without a server, messages are written to the log: links that open accounts would lie there for whoever reads it.
_refuse_unless(bool(text("EMAIL_HOST")), "EMAIL_HOST is required in production")

SECRET_KEY = required_secret("SECRET_KEY")
_refuse_unless(
    len(SECRET_KEY) >= 50
    and _is_random(SECRET_KEY, fewest_characters=10)
    and not SECRET_KEY.startswith(("change", "only-for-tests")),
    "SECRET_KEY must be 50 or more random characters",
)

if STORAGE_KEY_PROVIDER == _LOCAL_KEYS:
    # Without it a key would be made in the container's own folder, and go with the container.
    STORAGE_MASTER_KEY = required_secret("PRISM_STORAGE_KEY")
    _refuse_unless(
        re.fullmatch(r"[0-9a-fA-F]{64}", STORAGE_MASTER_KEY) is not None
        and _is_random(STORAGE_MASTER_KEY, fewest_characters=6),
        "PRISM_STORAGE_KEY must be 64 random hexadecimal digits: openssl rand -hex 32",
    )
else:
    _refuse_unless(bool(text("PRISM_KMS_KEY_ID")), "PRISM_KMS_KEY_ID is required with this PRISM_KEY_PROVIDER")

_refuse_unless(not boolean("PRISM_DEBUG"), "PRISM_DEBUG must not be set in production")
_refuse_unless(
    not any(model.startswith("scripted:") for model in LLM_MODELS),
    "PRISM_LLM_MODELS must not name a scripted model in production: recorded replies are no review",
)
_refuse_unless(
    EMAIL_USE_TLS or not EMAIL_HOST_PASSWORD,
    "EMAIL_USE_TLS must be true where EMAIL_HOST_PASSWORD is sent to the server",
)
_refuse_unless(
    not OUTBOUND_ALLOWED,
    "PRISM_OUTBOUND_ALLOWED must not be set in production: what people enter would reach this machine's own services",
)
_refuse_unless(
    0 <= HOST_ANSWERS_KEPT_S < 5,
    "PRISM_HOST_ANSWERS_KEPT_S must be less than 5: a suspended organization would be served for longer",
)

DEBUG = False
PRISM_SCHEME = "https"
PRISM_BASE_DOMAIN = text("PRISM_BASE_DOMAIN")
PRISM_PORT = 443

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if boolean("PRISM_BEHIND_PROXY", default=True) else None
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = integer("SECURE_HSTS_SECONDS", 31_536_000)
_refuse_unless(SECURE_HSTS_SECONDS > 0, "SECURE_HSTS_SECONDS must be more than 0: browsers would also take plain HTTP")
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
# Host-only by name: a sibling organization's page cannot set them for this one.
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
DEVICE_COOKIE_NAME = "__Host-device"
SSO_COOKIE_NAME = "__Host-sso"
STORAGES["staticfiles"] = {"BACKEND": "apps.kernel.http.static_files.HashedStaticFiles"}
