"""Tests: the same parts on servers of their own, cheap password hashing, mail kept in memory.

The addresses are fixed by the process, so that nothing has to be started before: tests/conftest.py starts what lies there.
"""

import os
from pathlib import Path

from config.env import integer, number, text
from config.settings.base import *  # noqa: F403
from config.settings.parts.database import DATABASES, ROOT
from config.settings.parts.logging import LOGGING

TEST_SERVERS = Path(text("PRISM_TEST_SERVERS") or ROOT / ".data" / "test")
_RUN = text("PYTEST_XDIST_WORKER") or "main"
# Each parallel run empties the cache between tests, so each has a database of its own; 1 is the broker's.
_VALKEY_DATABASE = 2 + int(_RUN.removeprefix("gw")) % 14 if _RUN.startswith("gw") else 0
# Removed with the servers, by the last who uses them.
_FILES = Path(text("PRISM_TEST_FILES") or TEST_SERVERS / "files" / f"{_RUN}_{os.getpid()}")

DEBUG = False
SECRET_KEY = "only-for-tests-" + "x" * 40
PRISM_SCHEME = "http"
PRISM_BASE_DOMAIN = "localhost"
PRISM_PORT = integer("PRISM_PORT", 8000)
if not text("DATABASE_URL"):
    DATABASES["default"]["HOST"] = str(TEST_SERVERS / "postgres")
DATABASES["default"]["NAME"] = text("PRISM_TEST_DATABASE") or f"prism_test_{_RUN}_{os.getpid()}"

VALKEY_URL = text("VALKEY_URL") or f"unix://{TEST_SERVERS / 'valkey.sock'}?db={_VALKEY_DATABASE}"
CHANNEL_LAYERS["default"]["CONFIG"]["hosts"] = [{"address": VALKEY_URL}]  # noqa: F405
CACHES["default"]["LOCATION"] = VALKEY_URL  # noqa: F405
CACHES["default"]["KEY_PREFIX"] = str(DATABASES["default"]["NAME"])  # noqa: F405
CACHES["default"]["OPTIONS"] = {}  # noqa: F405
CELERY_BROKER_URL = text("CELERY_BROKER_URL") or f"redis+socket://{TEST_SERVERS / 'valkey.sock'}?virtual_host=1"
# A task runs where it is sent, after commit; the journeys and the job tests run a real worker instead.
CELERY_TASK_ALWAYS_EAGER = not text("PRISM_TEST_REAL_WORKER")
CELERY_TASK_EAGER_PROPAGATES = True

# An organization that a test has made and rolled back must not be remembered by the next one; bench_http sets it as in production.
HOST_ANSWERS_KEPT_S = number("PRISM_HOST_ANSWERS_KEPT_S", 0)

# A real worker is another process: its mail is read from its files.
_MAIL_GOES_TO = "locmem" if CELERY_TASK_ALWAYS_EAGER else "filebased"
EMAIL_BACKEND = f"django.core.mail.backends.{_MAIL_GOES_TO}.EmailBackend"
EMAIL_FILE_PATH = str(_FILES.parent / "mail")
# Tests upload more in a minute than a person does; those about limits set their own.
API_RUNS_PER_MINUTE = integer("PRISM_API_RUNS_PER_MINUTE", 1_000_000)

WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
# Same algorithm as in production, with the least work it allows, so that signing in is cheap in tests.
PASSWORD_HASHERS = ["config.settings.test_hashing.QuickArgon2PasswordHasher"]
STORAGE_MASTER_KEY = "5a" * 32
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(_FILES)}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
LOGGING["root"] = {"handlers": ["stdout"], "level": "ERROR"}
