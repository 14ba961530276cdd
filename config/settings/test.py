"""Tests: the same parts, cheap password hashing, mail kept in memory."""

from pathlib import Path
from tempfile import gettempdir

from config.env import text
from config.settings.base import *  # noqa: F403

DEBUG = False
SECRET_KEY = "only-for-tests-" + "x" * 40
PRISM_SCHEME = "http"
PRISM_BASE_DOMAIN = "localhost"
PRISM_PORT = 8000
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
# Same algorithm as in production, with the least work it allows, so that signing in is cheap in tests.
PASSWORD_HASHERS = ["config.settings.test_hashing.QuickArgon2PasswordHasher"]
STORAGE_MASTER_KEY_FILE = Path(text("PRISM_TEST_FILES") or gettempdir()) / "prism-test-storage.key"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": text("PRISM_TEST_FILES") or str(Path(gettempdir()) / "prism-test-files")},
    },
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
