"""Every schema is brought to the code's migrations: by one runner at a time, and one broken schema holds up no other."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from apps.kernel.tenancy.context import TenantRef, inside
from apps.tenants.errors import TenantBusyError
from apps.tenants.schema_lock import SCHEMA_LOCK
from apps.tenants.services.migrate import migrate_all_schemas
from apps.tenants.services.provision import provision_tenant
from apps.tenants.services.suspend import suspend_tenant
from tests.tenants.catalogue import description


def fall_behind(tenant: TenantRef) -> None:
    """As it was before the newest room was built."""
    with inside(tenant), connection.cursor() as cursor:
        cursor.execute("DROP TABLE http_idempotentreply")
        cursor.execute("DELETE FROM django_migrations WHERE app = 'http'")


def is_current(tenant: TenantRef) -> bool:
    return description(tenant.schema_name)["columns"] == description("t_template")["columns"]


def test_what_is_behind_is_migrated_also_when_it_is_suspended(committed_tenants: Any, capsys: Any) -> None:
    alpha, beta = committed_tenants
    suspend_tenant("beta")
    fall_behind(alpha)
    fall_behind(beta)
    call_command("migrate_tenants")
    assert "2 schemas migrated" in capsys.readouterr().out
    assert is_current(alpha)
    assert is_current(beta)
    call_command("migrate_tenants")
    assert "0 schemas migrated" in capsys.readouterr().out


def test_two_runners_at_once_migrate_each_schema_once(committed_tenants: Any) -> None:
    for tenant in committed_tenants:
        fall_behind(tenant)
    announced: list[str] = []

    def run(_: int) -> int:
        try:
            return migrate_all_schemas(announce=announced.append)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        counts = sorted(pool.map(run, range(2)))
    assert counts == [0, 2]
    assert sorted(announced) == sorted(tenant.schema_name for tenant in committed_tenants)


def test_a_schema_that_cannot_be_migrated_is_named_and_the_others_are_current(committed_tenants: Any) -> None:
    alpha, beta = committed_tenants
    fall_behind(beta)
    with inside(alpha), connection.cursor() as cursor:
        # The table is there, but nobody noted it: its migration fails.
        cursor.execute("DELETE FROM django_migrations WHERE app = 'http'")
    with pytest.raises(CommandError, match=alpha.schema_name):
        call_command("migrate_tenants")
    assert is_current(beta)
    with inside(alpha), connection.cursor() as cursor:
        cursor.execute("DROP TABLE http_idempotentreply")
    call_command("migrate_tenants")
    assert is_current(alpha)


def test_a_tenants_own_table_is_never_made_in_the_shared_schema(committed_tenants: Any) -> None:
    migrate_all_schemas(announce=print)
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        tables = [name for (name,) in cursor.fetchall()]
    assert tables == ["django_migrations", "tenants_domain", "tenants_operatorentry", "tenants_tenant"]


def test_nobody_is_provisioned_from_a_template_that_is_being_migrated(committed_tenants: Any) -> None:
    with ThreadPoolExecutor(1) as pool, connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [SCHEMA_LOCK])

        def provision() -> Any:
            try:
                with connection.cursor() as own:
                    own.execute("SET lock_timeout = 200")
                return provision_tenant("acme", name="Acme")
            except TenantBusyError as error:
                return error.code
            finally:
                connection.close()

        assert pool.submit(provision).result(timeout=60) == "tenant_busy"
        cursor.execute("SELECT pg_advisory_unlock(%s)", [SCHEMA_LOCK])
        finished = pool.submit(provision).result(timeout=60)
    assert finished.slug == "acme"
    assert is_current(finished)
