"""Bring every schema to the code's migrations: shared tables, the template, then each tenant. A current schema costs one query."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from apps.kernel.tenancy.context import in_control_plane
from apps.kernel.tenancy.schema_switch import schema_switch
from apps.tenants.choices import TenantState
from apps.tenants.errors import MigrationFailedError
from apps.tenants.models import Tenant
from apps.tenants.schema_lock import SCHEMA_LOCK

logger = logging.getLogger(__name__)


def migrate_all_schemas(*, announce: Callable[[str], None]) -> int:
    """Migrate what is behind, and return how many schemas that was. One runner at a time; a killed run is simply run again.

    Raises MigrationFailedError when tenants could not be migrated, after all others were; a fault in the shared tables or the
    template stops everything, as every tenant would have it too.
    """
    with in_control_plane(), connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = 0")
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SELECT pg_advisory_lock(%s)", [SCHEMA_LOCK])
        try:
            return _migrate_behind(announce)
        finally:
            schema_switch.set_schema_to_public()
            with connection.cursor() as again:
                again.execute("SELECT pg_advisory_unlock(%s)", [SCHEMA_LOCK])
                again.execute("RESET lock_timeout")
                again.execute("RESET statement_timeout")


def _migrate_behind(announce: Callable[[str], None]) -> int:
    wanted = set(MigrationLoader(None).graph.nodes)
    changed = 0
    failed: list[str] = []
    for schema_name in ["public", settings.TENANT_TEMPLATE_SCHEMA]:
        changed += _migrate_one(schema_name, wanted, announce)
    for schema_name in _tenant_schemas():
        try:
            changed += _migrate_one(schema_name, wanted, announce)
        except DatabaseError as error:
            logger.error("schema_not_migrated", extra={"schema": schema_name, "fault": type(error).__name__})
            failed.append(schema_name)
            schema_switch.set_schema_to_public()
    if failed:
        raise MigrationFailedError(schemas=", ".join(failed))
    return changed


def _migrate_one(schema_name: str, wanted: set[tuple[str, str]], announce: Callable[[str], None]) -> bool:
    """Whether the schema was behind; it is current now."""
    if schema_name == settings.TENANT_TEMPLATE_SCHEMA:
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {connection.ops.quote_name(schema_name)}")
    schema_switch.set_schema(schema_name, include_public=False)
    recorder = MigrationRecorder(connection)
    is_behind = not wanted <= set(recorder.applied_migrations())
    if is_behind:
        recorder.ensure_schema()
        schema_switch.set_schema(schema_name, include_public=True)
        call_command("migrate_plain", verbosity=0, interactive=False)
        announce(schema_name)
    schema_switch.set_schema_to_public()
    return is_behind


def _tenant_schemas() -> list[str]:
    """Those that are whole, oldest first; after the template, so that a new tenant is never behind."""
    rows = Tenant.objects.exclude(state__in=[TenantState.PROVISIONING, TenantState.DELETING])
    return list(rows.order_by("created_at").values_list("schema_name", flat=True))
