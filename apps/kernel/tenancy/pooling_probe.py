"""Finds a transaction pooler between us and PostgreSQL: it mixes tenants, so the process must not start behind one."""

from contextlib import ExitStack

import psycopg
from django.db import connection

_OTHERS = 3


def is_pooled_by_transaction(*, others: int = _OTHERS) -> bool:
    """True when a server that answered one of our connections is handed to another one while the first is still open.

    A pooler that does so leaves the search path of one tenant to the next. The first connection is idle, as a transaction pooler wants
    it; the others keep their transaction open, so that each occupies a server of its own.
    """
    parameters = connection.get_connection_params()
    with ExitStack() as opened:
        first = opened.enter_context(psycopg.connect(**parameters, autocommit=True))
        server = _server_of(first)
        for _ in range(others):
            other = opened.enter_context(psycopg.connect(**parameters))
            if _server_of(other) == server:
                return True
        return _server_of(first) != server


def _server_of(opened: psycopg.Connection[tuple[int]]) -> int:
    row = opened.execute("SELECT pg_backend_pid()").fetchone()
    return row[0] if row else 0
