"""PostgreSQL: the given DATABASE_URL, or the embedded server under .data/."""

from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from config.env import integer, number, text

ROOT = Path(__file__).resolve().parents[3]
EMBEDDED_DATA = Path(text("PRISM_DATA_DIR") or ROOT / ".data").resolve()

DATABASE_URL = text("DATABASE_URL")


_TLS = ("sslmode", "sslrootcert", "sslcert", "sslkey")


def _tls_from(url: str) -> dict[str, str]:
    """What ?sslmode=verify-full&sslrootcert=/path asks for."""
    return {name: value for name, value in parse_qsl(urlsplit(url).query) if name in _TLS}


def _connection_from(url: str) -> dict[str, str | int]:
    """Django's connection fields from postgresql://user:password@host:port/name?host=/socket/dir."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    return {
        "NAME": unquote(parts.path.lstrip("/")) or "prism",
        "USER": unquote(parts.username or "postgres"),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", parts.hostname or ""),
        "PORT": parts.port or "",
    }


_EMBEDDED: dict[str, str | int] = {
    "NAME": "prism",
    "USER": "postgres",
    "PASSWORD": "",
    "HOST": str(EMBEDDED_DATA / "postgres"),
    "PORT": "",
}

# Against a server whose machine is gone: the network tells nobody. None of it matters on a socket file.
_NETWORK = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3, "tcp_user_timeout": 60_000}

DATABASES = {
    "default": {
        "ENGINE": "apps.kernel.tenancy.backend",
        **(_connection_from(DATABASE_URL) if DATABASE_URL else _EMBEDDED),
        # A connection that outlives its request would be one a thread, until the server refuses; the pool bounds them.
        "CONN_MAX_AGE": 0,
        # The engine itself tries a pooled connection before it is used, by naming the schema: nobody gets a dead one.
        "CONN_HEALTH_CHECKS": False,
        "OPTIONS": {
            "pool": {
                "min_size": 0,
                "max_size": integer("DATABASE_POOL_MAX", 16),
                "timeout": integer("DATABASE_POOL_TIMEOUT_S", 5),
                # The pool's own pauses between tries double for minutes; given up soon, the next request tries anew.
                "reconnect_timeout": 2,
            },
            # A server that stands still accepts a connection and then says nothing.
            "connect_timeout": 3,
            **_NETWORK,
            **_tls_from(DATABASE_URL),
            "options": "-c statement_timeout=30000 -c lock_timeout=10000 -c idle_in_transaction_session_timeout=60000",
        },
        "DISABLE_SERVER_SIDE_CURSORS": False,
        "TEST": {"NAME": text("PRISM_TEST_DATABASE") or None},
    }
}
# After so much silence a web process asks whether PostgreSQL lives; if it does not, requests get 503 until it does. 0 never asks.
DATABASE_SILENCE_MAX_S = number("DATABASE_SILENCE_MAX_S", 4.0)
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
# Setting the search path once a connection and trusting it afterwards mixed tenants after a savepoint rollback.
TENANT_LIMIT_SET_CALLS = False
# How long a process remembers whose host it is. A suspension is felt everywhere within this time: keep it below five seconds.
HOST_ANSWERS_KEPT_S = number("PRISM_HOST_ANSWERS_KEPT_S", 2.0)
