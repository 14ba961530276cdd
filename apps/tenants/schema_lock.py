"""One lock for whatever changes schemas: a template that is being migrated must not be cloned half-way."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import OperationalError, connection, transaction

from apps.tenants.errors import TenantBusyError

SCHEMA_LOCK = 7_264_001


@contextmanager
def schemas_unchanging(slug: str) -> Iterator[None]:
    """A transaction in which nobody else clones, drops or migrates a schema; TenantBusyError when that takes too long to come."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SCHEMA_LOCK])
            yield
    except OperationalError as error:
        raise TenantBusyError(slug=slug) from error
