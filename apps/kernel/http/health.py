"""/healthz: this process answers. /readyz: what it depends on answers. Neither needs a host or a person."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from redis import Redis
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


class HealthMiddleware:
    """Answers the two probes before any host, tenant or session is looked at."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The probe's answer, or the next layer's."""
        if request.path == "/healthz":
            return JsonResponse({"status": "ok"})
        if request.path == "/readyz":
            return _readiness()
        return self.get_response(request)


def _readiness() -> JsonResponse:
    """200 when pages can be served. Without Valkey they can (live progress falls back to polling): "degraded"."""
    database, valkey = _database_answers(), _valkey_answers()
    status = "ok" if database and valkey else "degraded" if database else "unavailable"
    body = {"status": status, "database": database, "valkey": valkey}
    return JsonResponse(body, status=200 if database else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        logger.warning("readiness_database_down")
        return False
    finally:
        connection.close()
    return True


def _valkey_answers() -> bool:
    try:
        with Redis.from_url(settings.VALKEY_URL, socket_connect_timeout=1, socket_timeout=1) as client:
            client.ping()
    except RedisError:
        return False
    return True
