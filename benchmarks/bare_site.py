"""The yardstick of bench_http: a bare Django site whose only view asks the database one question. No middleware, no template."""

import os
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path


def one_question(request: HttpRequest) -> HttpResponse:
    """One row of one column."""
    del request
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return HttpResponse(str(cursor.fetchone()[0]))


urlpatterns = [path("", one_question)]


def _database() -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ["PRISM_TEST_DATABASE"],
        "USER": "postgres",
        "HOST": os.environ["BARE_DATABASE_HOST"],
        # The same pool as the product's.
        "OPTIONS": {"pool": {"min_size": 0, "max_size": 16, "timeout": 5}},
    }


settings.configure(
    SECRET_KEY="yardstick",  # noqa: S106 - it signs nothing
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["*"],
    DATABASES={"default": _database()},
    MIDDLEWARE=[],
)
application = get_wsgi_application()
