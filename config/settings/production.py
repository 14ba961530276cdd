"""Production: every secret is required, every transport is encrypted; refuses to start otherwise."""

from config.env import SettingError, boolean, integer, required_secret, text
from config.settings.base import *  # noqa: F403

DEBUG = False
SECRET_KEY = required_secret("SECRET_KEY")
STORAGE_MASTER_KEY = "" if text("PRISM_KMS_KEY_ID") else required_secret("PRISM_STORAGE_KEY")
PRISM_SCHEME = "https"
PRISM_BASE_DOMAIN = text("PRISM_BASE_DOMAIN")
PRISM_PORT = 443

for _name in ("DATABASE_URL", "VALKEY_URL", "PRISM_BASE_DOMAIN", "DEFAULT_FROM_EMAIL"):
    if not text(_name):
        _message = f"{_name} is required in production"
        raise SettingError(_message)
if SECRET_KEY.startswith(("change", "only-for-tests")) or len(set(SECRET_KEY)) < 10 or len(SECRET_KEY) < 50:
    _message = "SECRET_KEY must be 50 or more random characters"
    raise SettingError(_message)

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if boolean("PRISM_BEHIND_PROXY", default=True) else None
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = integer("SECURE_HSTS_SECONDS", 31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
# Host-only by name: a sibling organization's page cannot set them for this one.
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}  # noqa: F405
