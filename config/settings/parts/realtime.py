"""Valkey: the given VALKEY_URL, or the embedded server's own note of where it listens."""

from pathlib import Path
from typing import Any

from config.env import text
from config.settings.parts.database import EMBEDDED_DATA


def _embedded_valkey_url(note: Path) -> str:
    """The address that the embedded server wrote down, or the usual one when it has not run yet."""
    try:
        return note.read_text(encoding="utf-8").strip()
    except OSError:
        return "redis://127.0.0.1:6379/0"


VALKEY_URL = text("VALKEY_URL") or _embedded_valkey_url(EMBEDDED_DATA / "valkey" / "url")

CHANNEL_LAYERS: dict[str, dict[str, Any]] = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        # No read timeout: the layer waits in a blocking call for the next message.
        "CONFIG": {"hosts": [{"address": VALKEY_URL, "socket_connect_timeout": 1}], "capacity": 500},
    }
}

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": VALKEY_URL,
        "KEY_FUNCTION": "apps.kernel.tenancy.cache_keys.checked_key",
        "OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1},
    }
}
