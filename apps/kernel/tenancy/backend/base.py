"""The database engine: django-tenants' connection, which names the schema to PostgreSQL only when PostgreSQL has another one.

Naming it before every query doubles the round trips of a read. Remembering that it was named is what mixed organizations: a rollback
takes it back, and a pooled connection keeps the last one's. So nothing is remembered here but the server's own words: from version 18 on,
PostgreSQL reports its search path after every change, whatever made it. A server that reports none is told before every query, as before.
"""

from typing import Any

import psycopg
from django_tenants.postgresql_backend import base as schemas

from apps.kernel.database.bounded_waits import BoundedWaits

_REPORTED = b"search_path"


class DatabaseWrapper(BoundedWaits, schemas.DatabaseWrapper):  # type: ignore[misc]
    """A connection that is never used without having been told, since its checkout, which schema it works in."""

    _told: tuple[str, ...] | None = None
    _report: bytes | None = None

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection that has just answered, and works in the schema that is wanted: one round trip for both.

        The pool hands out connections that a restart of the server has cut; each is given back, and the pool makes another.
        """
        for _ in range(self._most_tries()):
            opened = super().get_new_connection(conn_params)
            try:
                self._tell(opened)
            except (psycopg.OperationalError, psycopg.InterfaceError) as error:
                _give_back(opened)
                fault = error
            except BaseException:
                _give_back(opened)
                raise
            else:
                return opened
        raise fault

    def close(self) -> None:
        """Close, and forget: the next connection is told anew."""
        self._told = self._report = None
        super().close()

    def _tell(self, opened: Any) -> None:
        """Name the schema outside any transaction, so that no rollback takes it back."""
        if not opened.autocommit:
            opened.autocommit = True
        wanted = self._get_cursor_search_paths()
        opened.execute(f"SET search_path = {','.join(map(schemas.quote_schema_name, wanted))}")
        self._told, self._report = tuple(wanted), _report_of(opened)

    def _handle_search_path(self, cursor: Any = None) -> None:
        """Before each query: name the schema unless the server says that it works there."""
        if self._setting_search_path:
            return
        wanted = tuple(self._get_cursor_search_paths())
        if wanted == self._told and self._report is not None and self._report == _report_of(self.connection):
            return
        self._told = self._report = None
        super()._handle_search_path(cursor)
        # None when PostgreSQL refused, as it does in a transaction that has failed.
        if self.search_path_set_schemas is not None:
            self._told, self._report = wanted, _report_of(self.connection)

    def _most_tries(self) -> int:
        """Every connection of the pool may be a dead one."""
        pool: dict[str, Any] = self.settings_dict["OPTIONS"].get("pool") or {}
        return int(pool.get("max_size", 0)) + 1


def _report_of(opened: Any) -> bytes | None:
    """The search path as the server last reported it; None from servers before 18."""
    found: bytes | None = opened.pgconn.parameter_status(_REPORTED)
    return found


def _give_back(opened: Any) -> None:
    pool = getattr(opened, "_pool", None)
    if pool is not None:
        pool.putconn(opened)
    else:
        opened.close()
