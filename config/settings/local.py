"""At home: embedded servers, plain HTTP on loopback, a key kept in .data/."""

import secrets

from config.env import boolean, integer, secret
from config.settings.base import *  # noqa: F403
from config.settings.parts.database import EMBEDDED_DATA


def _kept_secret_key() -> str:
    """The installation's own random key, made once and readable by its owner alone."""
    place = EMBEDDED_DATA / "secret.key"
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch(mode=0o600)
        place.write_text(secrets.token_urlsafe(50), encoding="utf-8")
    return place.read_text(encoding="utf-8")


DEBUG = boolean("PRISM_DEBUG")
SECRET_KEY = secret("SECRET_KEY") or _kept_secret_key()
PRISM_SCHEME = "http"
PRISM_BASE_DOMAIN = "localhost"
PRISM_PORT = integer("PRISM_PORT", 8000)
# Static files are served from where they lie: no collection step at home.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
