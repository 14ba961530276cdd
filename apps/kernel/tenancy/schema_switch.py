"""Django's connection as django-tenants extends it: the one that can be pointed at a schema."""

from typing import Any, Protocol, cast

from django.db import connection


class SchemaSwitch(Protocol):
    """What django-tenants adds to a database connection."""

    tenant: Any
    include_public_schema: bool

    def set_tenant(self, tenant: Any, include_public: bool = True) -> None:  # noqa: FBT001, FBT002 - the library's own signature
        """Point this thread's connection at the tenant's schema."""
        ...

    def set_schema(self, schema_name: str, include_public: bool = True) -> None:  # noqa: FBT001, FBT002 - as above
        """Point it at a schema by name."""
        ...

    def set_schema_to_public(self) -> None:
        """Point it at the control plane."""
        ...


schema_switch = cast(SchemaSwitch, connection)
"""The same thread-local proxy as django.db.connection."""
