"""Finds a transaction pooler between us and PostgreSQL: it mixes tenants, so the process must not start behind one."""

from django.db import connection


def is_pooled_by_transaction(*, rounds: int = 8) -> bool:
    """True when statements of one connection reach different servers, or lose a session setting on the way."""
    backends = set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('prism.probe', 'kept', false)")
        for _ in range(rounds):
            cursor.execute("SELECT pg_backend_pid(), current_setting('prism.probe', true)")
            pid, kept = cursor.fetchone()
            backends.add((pid, kept))
    return len(backends) != 1 or next(iter(backends))[1] != "kept"
