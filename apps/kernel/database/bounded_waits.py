"""What a database engine adds so that nobody waits for a connection while PostgreSQL is known to be away."""

from typing import Any

from psycopg_pool import PoolTimeout

from apps.kernel.database.bounded_connection import BoundedConnection
from apps.kernel.database.outage import is_out, refuse_while_out, silence_limit_s


class BoundedWaits:
    """Stands before Django's DatabaseWrapper."""

    settings_dict: dict[str, Any]

    @property
    def pool(self) -> Any:
        """Django's pool, of connections that give up."""
        if options := self.settings_dict["OPTIONS"].get("pool"):
            options.setdefault("connection_class", BoundedConnection)
        return super().pool  # type: ignore[misc]

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """One from the pool; at once an error while there can be none."""
        refuse_while_out()
        try:
            return super().get_new_connection(conn_params)  # type: ignore[misc]
        except PoolTimeout:
            # Too many requests at once, or no server: the next one need not wait to learn which.
            if silence_limit_s():
                is_out()
            raise
