"""For what looks at the code alone, such as `makemigrations --check`: there is no database, so none is asked and waited for."""

from config.settings.base import *  # noqa: F403
from config.settings.parts.database import DATABASES

SECRET_KEY = "signs nothing: no request is answered with these settings"  # noqa: S105
PRISM_SCHEME = "http"
PRISM_BASE_DOMAIN = "localhost"
PRISM_PORT = 8000
DATABASES["default"] = {"ENGINE": "django.db.backends.dummy"}
