"""Bring every schema to the code's migrations: shared tables, the template, then each tenant. A current schema costs one query."""

from collections.abc import Callable

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from apps.kernel.tenancy.context import in_control_plane
from apps.kernel.tenancy.schema_switch import schema_switch
from apps.tenants.choices import TenantState
from apps.tenants.models import Tenant

_LOCK = 7_264_001
_TENANTS_TABLE = "tenants_tenant"


def migrate_all_schemas(*, announce: Callable[[str], None]) -> int:
    """Migrate what is behind, and return how many schemas that was. One runner at a time; a killed run is simply run again."""
    with in_control_plane(), connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = 0")
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SELECT pg_advisory_lock(%s)", [_LOCK])
        try:
            return _migrate_behind(announce)
        finally:
            schema_switch.set_schema_to_public()
            with connection.cursor() as again:
                again.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])
                again.execute("RESET lock_timeout")
                again.execute("RESET statement_timeout")


def _migrate_behind(announce: Callable[[str], None]) -> int:
    wanted = set(MigrationLoader(None).graph.nodes)
    changed = 0
    for schema_name in _schemas_in_order():
        if schema_name != "public":
            with connection.cursor() as cursor:
                cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {connection.ops.quote_name(schema_name)}")
        schema_switch.set_schema(schema_name, include_public=False)
        recorder = MigrationRecorder(connection)
        applied = set(recorder.applied_migrations())
        if not wanted <= applied:
            recorder.ensure_schema()
            schema_switch.set_schema(schema_name, include_public=True)
            call_command("migrate_plain", verbosity=0, interactive=False)
            announce(schema_name)
            changed += 1
        schema_switch.set_schema_to_public()
    return changed


def _schemas_in_order() -> list[str]:
    """Shared tables first; the template before the tenants, so that a new tenant is never behind."""
    names = ["public", settings.TENANT_TEMPLATE_SCHEMA]
    tables = connection.introspection.table_names()
    if _TENANTS_TABLE in tables:
        rows = Tenant.objects.exclude(state__in=[TenantState.PROVISIONING, TenantState.DELETING]).order_by("created_at")
        names += list(rows.values_list("schema_name", flat=True))
    return names
